using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Svom.Access;
using Svom.Notifications;
using Svom.Notifications.Mqtt;
using Svom.Postgres;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Hosting;

/// <summary>The whole platform in one process: composition, start and stop.</summary>
public static class Platform
{
    /// <summary>Serves until stopped.</summary>
    public static async Task<int> ServeAsync(string? dataOption, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using var platform = await StartAsync(DataPath.Resolve(dataOption), Start.Settings(settings), cancellationToken);
        Banner.Print(platform);
        await platform.Application.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary>Starts the platform on a data folder and returns when it is ready.</summary>
    /// <exception cref="CannotStartException">Names the setting that is in the way.</exception>
    public static async Task<RunningPlatform> StartAsync(
        string dataFolder, IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken cancellationToken, Action<WebApplicationBuilder>? customize = null)
    {
        var started = Stopwatch.GetTimestamp();
        DataPath.Create(dataFolder);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = Assembly.GetExecutingAssembly().GetName().Name });
        builder.Configuration.AddInMemoryCollection(settings);
        SettingsCheck.RefuseUnknown(builder.Configuration, KnownSettings.Sections);
        SettingsCheck.RefuseUnreadable(builder.Configuration, KnownSettings.Sections);
        SettingsCheck.RefuseOtherEndpoints(builder.Configuration);
        var application = Compose(builder, dataFolder, customize);
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception failure) when (Explain(failure) is { } sentence)
        {
            await application.DisposeAsync();
            throw new CannotStartException(sentence, failure);
        }

        return new(application, dataFolder, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Takes the data folder for this process alone.</summary>
    private static DataFolder OpenFolder(string path)
    {
        try
        {
            return DataFolder.Open(path);
        }
        catch (DataFolderInUseException held)
        {
            throw new CannotStartException(held.Message, held);
        }
    }

    private static WebApplication Compose(WebApplicationBuilder builder, string dataFolder, Action<WebApplicationBuilder>? customize)
    {
        var ports = builder.Configuration.GetSection(PortOptions.Section).Get<PortOptions>() ?? new();
        var cluster = ClusterSilo.Read(builder.Configuration);
        var storage = (builder.Configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new()).Provider;
        var folder = OpenFolder(dataFolder); // Before the token: two first starts at once must not make two.
        var token = OperatorToken.ReadOrMake(dataFolder);
        var grpc = new GrpcEndpoint();
        builder.Logging.ConfigureEmbedded();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, ports.Http); // The first one: links are made of it.
            grpc.Listen(kestrel, ports.Grpc);
            if (cluster.Outlets)
            {
                kestrel.ListenMqtt();
            }
        });

        var services = builder.Services;
        services.AddOptions<PortOptions>().BindConfiguration(PortOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PortOptions>, PortOptionsValidator>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(ports).AddSingleton(grpc);
        services.AddSingleton(token).AddSingleton<IOperatorToken>(token).AddSingleton<OperatorTokenCheck>(token.Matches);
        services.AddSingleton<PublicAddress>().AddSingleton<IPublicAddress>(static provider => provider.GetRequiredService<PublicAddress>());
        _ = storage == StorageProvider.Postgres ? services.AddPostgresStorage(folder) : services.AddSqliteStorage(folder);
        services.AddCluster(cluster, storage); // Before the silo: a place that is taken stops the start.
        services.AddSvomGrains();
        services.AddGateway();
        builder.AddTelemetry();
        services.AddHealthChecks().AddCheck<ReadyCheck>("platform");
        builder.Host.UseOrleans(silo => silo.ConfigureSilo(cluster, storage));
        if (cluster.Outlets)
        {
            services.AddMqttTransport(); // After the silo, whose grains have the sessions; before the server, which lets clients in.
        }

        customize?.Invoke(builder);

        var application = builder.Build();
        application.MapGateway();
        application.MapDashboard();
        application.MapMetrics();
        if (cluster.Outlets)
        {
            application.MapMqtt();
        }

        PrepareMeanwhile(application);
        return application;
    }

    /// <summary>
    /// Opens the stores and compiles the doors beside the start of the silo. What cannot be done says so where it is needed.
    /// </summary>
    private static void PrepareMeanwhile(WebApplication application)
    {
        var doors = ((IEndpointRouteBuilder)application).DataSources.ToArray();
        _ = Task.Run(() => application.Services.GetRequiredService<Packets.IPacketLog>());
        _ = Task.Run(() => application.Services.GetRequiredService<EventStore.IEventStore>());
        _ = Task.Run(() => application.Services.GetRequiredService<Products.IContentStore>());
        _ = Task.Run(() => doors.Sum(static door => door.Endpoints.Count));
    }

    /// <returns>A sentence for reasons that an operator can mend; null for everything else, which stays an exception.</returns>
    private static string? Explain(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case CannotStartException or OptionsValidationException or StoreUnreadableException or StoreUnreachableException:
                    return cause.Message;
                case AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AccessDenied }:
                    return $"A port can't be opened ({failure.Message}) Choose others with --{PortOptions.Section}:Http, --{PortOptions.Section}:Grpc and --{PortOptions.Section}:Mqtt; 0 takes a free one.";
            }
        }

        return null;
    }
}
