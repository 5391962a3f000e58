using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;
using Svom.Workflows;

namespace Svom.Products;

/// <summary>Each provider brings its content store, and the pipeline of payloads finds it.</summary>
public sealed class ContentRegistrationTests(SharedPostgres postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task On_files_large_payloads_lie_in_the_data_folder()
    {
        using var folder = new TemporaryFolder();
        using var data = DataFolder.Open(folder.Path);
        await CheckAsync(data, []);
        Assert.NotEmpty(Directory.GetFiles(folder.File("content"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task On_postgres_large_payloads_lie_in_the_database()
    {
        await using var database = await postgres.NewDatabaseAsync();
        using var folder = new TemporaryFolder();
        using var data = DataFolder.Open(folder.Path);
        await CheckAsync(data, database.Settings);
        Assert.Equal(1L, await database.RunSqlAsync("SELECT count(*) FROM svom_content.content"));
    }

    [Fact]
    public void A_limit_out_of_its_range_stops_the_start()
    {
        using var services = Services(null, [new("Svom:Workflows:LargePayload", "100")]);
        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<WorkflowEngineOptions>>().Value);
    }

    private static async Task CheckAsync(DataFolder data, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        await using var services = Services(data, [.. settings, new("Svom:Workflows:LargePayload", "1024")]);
        var pipeline = services.GetRequiredService<PayloadPipeline>();
        var payload = InventedValues.Of<Payload>(2_000);
        var kept = await pipeline.OutgoingAsync(payload, None);
        Assert.NotEqual(payload, kept);
        Assert.Equal(payload, await pipeline.IncomingAsync(kept, None));
    }

    private static ServiceProvider Services(DataFolder? data, IReadOnlyList<KeyValuePair<string, string?>> settings)
    {
        var services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddLogging().AddSvomGrains();
        if (data is not null)
        {
            _ = settings.Any(static setting => setting.Key == "Svom:Storage:Provider") ? services.AddPostgresStorage(data) : services.AddSqliteStorage(data);
        }

        return services.BuildServiceProvider();
    }
}
