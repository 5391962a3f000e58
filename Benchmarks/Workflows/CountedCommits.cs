using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Svom.EventStore;
using Svom.Postgres;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Workflows;

/// <summary>Counts what the writer of the event store does.</summary>
internal sealed class CountedCommits : IStorageFaults
{
    private long commits;
    private long appends;

    public long Commits => Interlocked.Read(ref commits);

    public long Appends => Interlocked.Read(ref appends);

    public void At(StorageStep step, object? subject)
    {
        switch (step)
        {
            case StorageStep.AfterCommit:
                Interlocked.Increment(ref commits);
                break;
            case StorageStep.EventWritten:
                Interlocked.Increment(ref appends);
                break;
        }
    }

    /// <summary>Puts itself into the store that the platform uses.</summary>
    public void Register(IServiceCollection services) => services
        .AddSingleton(provider => new SqliteEventStore(
            provider.GetRequiredService<DataFolder>(), provider.GetRequiredService<IOptions<StorageOptions>>().Value, provider.GetRequiredService<TimeProvider>(),
            provider.GetServices<IAppendObserver>(), provider.GetRequiredService<ILogger<SqliteEventStore>>(), this))
        .AddSingleton(provider =>
        {
            _ = provider.GetRequiredService<DataFolder>();
            return new PostgresEventStore(
                provider.GetRequiredService<IOptions<StorageOptions>>().Value, provider.GetRequiredService<TimeProvider>(),
                provider.GetServices<IAppendObserver>(), provider.GetRequiredService<ILogger<PostgresEventStore>>(), this, callersTime: false);
        });
}
