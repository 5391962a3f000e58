using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Svom.EventStore;
using Svom.Packets;
using Svom.Sqlite;

namespace Svom.Storage;

/// <summary>The embedded profile's stores.</summary>
public static class StorageRegistration
{
    /// <summary>Registers the event store and the packet log over files of a data folder that the caller has opened.</summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, DataFolder folder)
    {
        services.AddOptions<StorageOptions>().BindConfiguration("Svom:Storage").ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => folder); // By a factory, so that the container lets go of the folder at its end.
        services.AddSingleton<SqliteEventStore>();
        services.AddSingleton<IEventStore>(static provider => provider.GetRequiredService<SqliteEventStore>());
        services.AddSingleton<SqlitePacketLog>();
        return services.AddSingleton<IPacketLog>(static provider => provider.GetRequiredService<SqlitePacketLog>());
    }
}
