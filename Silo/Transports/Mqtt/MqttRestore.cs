using Microsoft.Extensions.Options;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// Before the first client may come in, the broker has its lasting sessions again, and in each the alerts that it had not acknowledged. They are
/// taken from the archive with the bytes and the age they had; what the outlet had not finished it publishes itself, afterwards.
/// </summary>
internal sealed class MqttRestore(
    MqttBroker broker, ISubscriberStore store, IOptions<MqttOptions> options, TimeProvider time, ILogger<MqttRestore> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var missed = await ReadAsync(cancellationToken);
            await Task.WhenAll(broker.Sessions.All.Select(broker.RestoreAsync));
            foreach (var (publication, published) in missed)
            {
                await broker.RepeatAsync(MqttAlertTransport.ToMessage(publication, published), cancellationToken);
            }

            broker.Memory.Open();
            var sessions = broker.Sessions.All.ToList();
            if (sessions.Count > 0)
            {
                logger.Restored(sessions.Count, sessions.Sum(static session => session.Outstanding));
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // A platform without the sessions of yesterday is better than none: alerts go out to all who connect. Nothing is kept in this run,
            // so that what could not be read is there for the next.
            logger.NotRestored(exception);
            await Task.WhenAll(broker.Sessions.All.Select(broker.Room.DiscardAsync));
        }
    }

    /// <summary>Takes those who were kept among the sessions.</summary>
    /// <returns>What one of them may have missed.</returns>
    private async Task<IReadOnlyList<(Publication Publication, DateTimeOffset Published)>> ReadAsync(CancellationToken cancellationToken)
    {
        broker.Memory.HasPublished(await store.PublishedHeadAsync(cancellationToken));
        var now = time.GetUtcNow();
        foreach (var kept in await broker.Memory.LoadAsync(cancellationToken))
        {
            if (now - (kept.LeftAt ?? now) > kept.KeptFor)
            {
                logger.SessionExpired(kept.ClientId);
            }
            else
            {
                // Whoever was connected when the platform died went at that time; when it was nobody knows any more.
                broker.Sessions.FindOrAdd(MqttSession.Of(kept with { LeftAt = kept.LeftAt ?? now }));
            }
        }

        // One more than a queue may hold: a session that is owed that many has a gap, and ends as it would have without a restart.
        var alerts = broker.Sessions.All.Min(static session => (long?)session.OwedAfter) is { } after
            ? await store.PublishedAsync(after, options.Value.MaxPendingMessages + 1, cancellationToken) : [];
        return [.. alerts.SelectMany(static alert => alert.ToPublications().Select(publication => (publication, alert.Published)))];
    }
}
