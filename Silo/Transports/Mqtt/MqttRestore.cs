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
        broker.Memory.HasPublished(await store.PublishedHeadAsync(cancellationToken));
        var (restored, now) = (new List<MqttSession>(), time.GetUtcNow());
        foreach (var kept in await broker.Memory.LoadAsync(cancellationToken))
        {
            if (now - (kept.LeftAt ?? now) > kept.KeptFor)
            {
                logger.SessionExpired(kept.ClientId);
            }
            else if (broker.Sessions.Find(kept.ClientId) is null)
            {
                // Whoever was connected when the platform died went at that time; when it was nobody knows any more.
                restored.Add(broker.Sessions.FindOrAdd(MqttSession.Of(kept with { LeftAt = kept.LeftAt ?? now })));
            }
        }

        broker.Memory.Open();
        if (restored.Count > 0)
        {
            foreach (var session in restored)
            {
                await broker.RestoreAsync(session);
            }

            await CatchUpAsync(restored, cancellationToken);
        }
    }

    private async Task CatchUpAsync(List<MqttSession> restored, CancellationToken cancellationToken)
    {
        // One more than a queue may hold: a session that is owed that many has a gap, and ends as it would have without a restart.
        var alerts = await store.PublishedAsync(restored.Min(static session => session.OwedAfter), options.Value.MaxPendingMessages + 1, cancellationToken);
        foreach (var alert in alerts)
        {
            foreach (var publication in alert.ToPublications())
            {
                await broker.RepeatAsync(MqttAlertTransport.ToMessage(publication, alert.Published), cancellationToken);
            }
        }

        logger.Restored(restored.Count, restored.Sum(static session => session.Outstanding));
    }
}
