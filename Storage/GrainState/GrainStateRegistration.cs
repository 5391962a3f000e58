using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Svom.EventStore;

namespace Svom.GrainState;

/// <summary>Orleans' own needs: grain state ("Default", "PubSubStore") and reminders, beside the event store.</summary>
public static class GrainStateRegistration
{
    /// <summary>Over the event store that <c>AddSqliteStorage</c> registered.</summary>
    public static ISiloBuilder UseSqliteGrainState(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IReminderTable, SqliteReminderTable>();
        return silo.UseGrainState(static (services, name) => new SqliteGrainStorage(
            name, services.GetRequiredService<SqliteEventStore>(), services.GetRequiredService<IGrainStorageSerializer>(), services.GetRequiredService<IActivatorProvider>()));
    }

    /// <summary>Over the event store that <c>AddPostgresStorage</c> registered.</summary>
    public static ISiloBuilder UsePostgresGrainState(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IReminderTable, PostgresReminderTable>();
        return silo.UseGrainState(static (services, name) => new PostgresGrainStorage(
            name, services.GetRequiredService<PostgresEventStore>(), services.GetRequiredService<IGrainStorageSerializer>(), services.GetRequiredService<IActivatorProvider>()));
    }

    private static ISiloBuilder UseGrainState(this ISiloBuilder silo, Func<IServiceProvider, string, IGrainStorage> storage)
    {
        silo.AddReminders();
        foreach (var provider in new[] { "Default", "PubSubStore" })
        {
            silo.Services.AddGrainStorage(provider, storage);
        }

        return silo;
    }
}
