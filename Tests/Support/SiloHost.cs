using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Svom.GrainState;
using Svom.Notifications;
using Svom.Packets.Streams;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Support;

/// <summary>One silo with the real stores in a folder of its own, and a transport that remembers.</summary>
internal sealed class SiloHost : IAsyncDisposable
{
    private readonly IHost host;

    private SiloHost(IHost host) => this.host = host;

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => host.Services;

    public RememberingTransport Transport => host.Services.GetRequiredService<RememberingTransport>();

    public static async Task<SiloHost> StartAsync(
        string folder, ILoggerProvider? log = null, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? with = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders().AddConsole().AddFilter(static (category, level) => category?.StartsWith("Svom", StringComparison.Ordinal) is true && level >= LogLevel.Warning);
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(PlatformProcess.FreePort(), gatewayPort: 0);
            silo.UseSqliteGrainState();
            silo.AddPacketStream();
        });
        builder.Services.AddSqliteStorage(DataFolder.Open(folder));
        builder.Services.AddSvomGrains();
        builder.Services.Configure<NotificationOptions>(static options => options.EnvelopeWithin = TimeSpan.FromMinutes(1)); // However slow the machine is.
        builder.Services.AddSingleton<RememberingTransport>();
        builder.Services.AddSingleton<IAlertTransport>(static provider => provider.GetRequiredService<RememberingTransport>());
        builder.Services.AddSingleton<IPublicAddress, NoAddress>();
        with?.Invoke(builder.Services);
        var built = builder.Build();
        await built.StartAsync();
        return new(built);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    private sealed class NoAddress : IPublicAddress
    {
        public string Root => "http://127.0.0.1:8080";
    }
}

/// <summary>A transport that keeps what it was given and lets a test wait for it.</summary>
internal sealed class RememberingTransport : IAlertTransport, IDisposable
{
    private readonly ConcurrentQueue<Publication> published = new();
    private readonly SemaphoreSlim more = new(0);

    public string Name => "mqtt";

    public IReadOnlyList<Publication> Published => [.. published];

    public Task PublishAsync(Publication publication, CancellationToken cancellationToken)
    {
        published.Enqueue(publication);
        more.Release();
        return Task.CompletedTask;
    }

    public void Dispose() => more.Dispose();

    /// <summary>Waits until something satisfies a condition.</summary>
    public async Task<Publication> UntilAsync(Func<Publication, bool> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (published.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }

            try
            {
                await more.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"Not published: what was is {string.Join(", ", published.Select(static p => $"{p.Topic} {Encoding.UTF8.GetString(p.Payload.Span)}"))}", late);
            }
        }
    }
}
