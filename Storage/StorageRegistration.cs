using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Svom.EventStore;
using Svom.Packets;
using Svom.Products;
using Svom.Sqlite;

namespace Svom.Storage;

/// <summary>The stores: event store, packet log and content.</summary>
public static class StorageRegistration
{
    /// <summary>Over files of a data folder that the caller has opened.</summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, DataFolder folder)
    {
        services.AddStorageOptions(folder);
        services.AddSingleton<SqliteEventStore>();
        services.AddSingleton<IEventStore>(static provider => provider.GetRequiredService<SqliteEventStore>());
        services.AddSingleton<IContentStore, FileContentStore>();
        services.AddSingleton<SqlitePacketLog>();
        return services.AddSingleton<IPacketLog>(static provider => provider.GetRequiredService<SqlitePacketLog>());
    }

    /// <summary>Over the database that <c>Svom:Storage:ConnectionString</c> names. The folder keeps what is of this process alone.</summary>
    public static IServiceCollection AddPostgresStorage(this IServiceCollection services, DataFolder folder)
    {
        services.AddStorageOptions(folder);
        services.AddSingleton(static provider =>
        {
            _ = provider.GetRequiredService<DataFolder>(); // From here on the container lets go of it at its end.
            return ActivatorUtilities.CreateInstance<PostgresEventStore>(provider);
        });
        services.AddSingleton<IEventStore>(static provider => provider.GetRequiredService<PostgresEventStore>());
        services.AddSingleton<IContentStore, PostgresContentStore>();
        services.AddSingleton<PostgresPacketLog>();
        return services.AddSingleton<IPacketLog>(static provider => provider.GetRequiredService<PostgresPacketLog>());
    }

    private static void AddStorageOptions(this IServiceCollection services, DataFolder folder)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => folder); // By a factory, so that the container lets go of the folder at its end.
    }
}
