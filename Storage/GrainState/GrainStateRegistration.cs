using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Svom.EventStore;

namespace Svom.GrainState;

/// <summary>Orleans' own needs in the embedded profile.</summary>
public static class GrainStateRegistration
{
    /// <summary>Grain state ("Default", "PubSubStore") and reminders over the event store that <c>AddSqliteStorage</c> registered.</summary>
    public static ISiloBuilder UseSqliteGrainState(this ISiloBuilder silo)
    {
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable, SqliteReminderTable>();
        foreach (var provider in new[] { "Default", "PubSubStore" })
        {
            silo.Services.AddGrainStorage(provider, static (services, name) => new SqliteGrainStorage(
                name, services.GetRequiredService<SqliteEventStore>(), services.GetRequiredService<IGrainStorageSerializer>(),
                services.GetRequiredService<IActivatorProvider>()));
        }

        return silo;
    }
}
