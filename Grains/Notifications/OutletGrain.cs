using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Monitoring;

namespace Svom.Notifications;

/// <summary>One way out, with its own cursor over the notice archive. Key: name of the transport.</summary>
[Alias("svom.outlet")]
internal interface IOutletGrain : IGrainWithStringKey
{
    /// <summary>Publishes what is new: notices beyond the cursor first, then events and retained states of the bursts named.</summary>
    [Alias("tell")]
    Task TellAsync(OutletNews[] news, CancellationToken cancellationToken);

    /// <summary>After a start of the broker: publishes on from the cursor and rebuilds the retained states.</summary>
    [Alias("rebuild"), ResponseTimeout("01:00:00")] // Fourteen days of states, each confirmed: longer than any other call.
    Task RebuildAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Publishes the archive in its order. The envelope is durable before it goes out, so a repeat after a crash has the same bytes;
/// the cursor moves after the echo, so nothing is passed over. Subscribers drop a repeat by its id.
/// </summary>
internal sealed partial class OutletGrain(
    IEventStore store, IEnumerable<IAlertTransport> transports, IPublicAddress address, TimeProvider time,
    IOptions<NotificationOptions> options, NoticeMetrics metrics, ILogger<OutletGrain> logger) : Grain, IOutletGrain
{
    private const int ArchivePage = 100;
    private const int BurstsBetweenNotices = 8;
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromHours(1);
    private readonly Dictionary<string, (string Topic, DateTimeOffset Updated)> retained = new(StringComparer.Ordinal);
    private EventSourced<OutletState, OutletRecord> outlet = null!;
    private IAlertTransport transport = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var name = this.GetPrimaryKeyString();
        transport = transports.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"No transport '{name}' on this silo.");
        outlet = OutletState.Open(store, name, time);
        await outlet.LoadAsync(cancellationToken);
        this.RegisterGrainTimer(SweepAsync, new() { DueTime = SweepPeriod, Period = SweepPeriod, KeepAlive = true });
    }

    public async Task TellAsync(OutletNews[] news, CancellationToken cancellationToken)
    {
        foreach (var bursts in news.GroupBy(static burst => burst.Burst, StringComparer.Ordinal).Chunk(BurstsBetweenNotices))
        {
            // Alerts first, and again between: a notice made meanwhile does not wait for the lines of a hundred bursts.
            await PublishNoticesAsync(cancellationToken);
            await transport.PublishAllAsync([.. bursts.SelectMany(static burst => burst).SelectMany(static burst => burst.Events).Select(ToPublication)], cancellationToken);
            await PublishStatesAsync(bursts.Select(static burst => burst.Key), cancellationToken);
        }
    }

    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        // Alerts first, and again between: who waits for this to end waits for no alert.
        await PublishNoticesAsync(cancellationToken);
        var some = new List<string>();
        await foreach (var burst in BurstIndex.RecentAsync(store, time.GetUtcNow() - options.Value.RetainState, cancellationToken))
        {
            some.Add(burst);
            if (some.Count == BurstsBetweenNotices)
            {
                await PublishStatesAsync(some, cancellationToken);
                await PublishNoticesAsync(cancellationToken);
                some.Clear();
            }
        }

        await PublishStatesAsync(some, cancellationToken);
    }

    private async Task PublishNoticesAsync(CancellationToken cancellationToken)
    {
        while (await store.ArchiveAsync(ArchivedNotice.Archive, outlet.State.Cursor, ArchivePage, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var (sequence, entry) in page)
            {
                var notice = ArchivedNotice.Read(entry.Content);
                if (notice.Sent)
                {
                    await PublishNoticeAsync(notice, sequence, cancellationToken);
                }
                else if (sequence == page[^1].Sequence)
                {
                    await outlet.CommitAsync(_ => new([new OutletRecord.Confirmed(sequence, null)]), cancellationToken);
                }
            }
        }
    }

    private async Task PublishNoticeAsync(ArchivedNotice notice, long sequence, CancellationToken cancellationToken)
    {
        if (outlet.State.Fixed?.Sequence != sequence)
        {
            var published = time.GetUtcNow();
            var envelope = Envelope.Write(notice, sequence, published, address.Root);
            await outlet.CommitAsync(
                _ => new([new OutletRecord.Enveloped(sequence, notice.Id, published, envelope)]) { Index = [Published(notice.Id, new(published, null, envelope))] },
                cancellationToken);
        }

        var message = outlet.State.Fixed!;
        var alert = Topics.AlertOf(notice, sequence, message.Published, message.Envelope, options.Value.Expiry);
        await Task.WhenAll(alert.ToPublications().Select(publication => transport.PublishAsync(publication, cancellationToken)));

        var echoed = time.GetUtcNow();
        await outlet.CommitAsync(
            _ => new([new OutletRecord.Confirmed(sequence, echoed)]) { Index = [Published(notice.Id, new(message.Published, echoed, message.Envelope))] },
            cancellationToken);
        metrics.Published(this.GetPrimaryKeyString(), notice, message.Published, echoed);
        if (Traces.On)
        {
            Traces.Add(
                "notice.publish", Traces.OfNotice(notice.Ivorn), message.Published, echoed, null,
                new("svom.burst", notice.Burst), new("svom.notice", notice.Id), new("svom.sequence", sequence), new("svom.outlet", this.GetPrimaryKeyString()));
        }

        LogPublished(notice.Id, sequence, (echoed - message.Published).TotalMilliseconds);
    }

    private static IndexChange Published(string notice, PublishedNotice published) => new(PublishedNotice.Index, notice, published.Write());

    private static KeyValuePair<string, string> Tense(bool rehearsal) => new("tense", rehearsal ? "test" : "current");

    private Publication ToPublication(BurstEventMessage line)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(line, NoticeJson.Default.BurstEventMessage);
        return new(
            Topics.BurstEvents(BurstIndex.IsRehearsal(line.Burst), line.Burst), payload, "application/json", Retain: false, options.Value.Expiry,
            [new("id", $"{line.Burst}/{line.Version}/{line.N}"), Tense(BurstIndex.IsRehearsal(line.Burst))]);
    }

    private async Task PublishStatesAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var publications = new List<Publication>();
        var limit = time.GetUtcNow() - options.Value.RetainState;
        foreach (var id in ids)
        {
            if ((await GrainFactory.GetGrain<IBurstGrain>(id).GetAsync(cancellationToken)).Value is not { } burst)
            {
                continue;
            }

            var topic = Topics.BurstState(burst.Session is not null, id);
            if (burst.Updated < limit)
            {
                publications.Add(Removal(topic)); // It closed long after its last change.
                retained.Remove(id);
            }
            else
            {
                publications.Add(await StateAsync(burst, topic, cancellationToken));
                retained[id] = (topic, burst.Updated);
            }
        }

        await transport.PublishAllAsync(publications, cancellationToken);
    }

    private async Task<Publication> StateAsync(BurstView burst, string topic, CancellationToken cancellationToken)
    {
        var newest = await store.SearchArchiveAsync(ArchivedNotice.Archive, new(Owner: burst.Id, Limit: 1), cancellationToken);
        var message = new BurstStateMessage(
            burst.Id, newest.Count > 0 ? newest[0].Sequence : 0, burst.Status.ToString().ToLowerInvariant(),
            burst.Best is { } best ? new(best.Instrument, best.Ra, best.Dec, best.RaDecError) : null,
            new(Text(burst.T0.Grm), Text(burst.T0.Eclairs)), burst.SlewStatus, burst.Classification,
            [.. burst.Notices.Select(static notice => notice.Id)], MissionText.Time(burst.Updated));
        return new(
            topic, JsonSerializer.SerializeToUtf8Bytes(message, NoticeJson.Default.BurstStateMessage), "application/json",
            Retain: true, null, [new("id", $"{burst.Id}/{burst.Version}"), Tense(burst.Session is not null)]);
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var limit = time.GetUtcNow() - options.Value.RetainState;
        foreach (var (burst, (topic, _)) in retained.Where(entry => entry.Value.Updated < limit).ToArray())
        {
            await transport.PublishAsync(Removal(topic), cancellationToken);
            retained.Remove(burst);
        }
    }

    private static Publication Removal(string topic) => new(topic, ReadOnlyMemory<byte>.Empty, "application/json", Retain: true, null, []);

    private static string? Text(DateTimeOffset? at) => at is { } time ? MissionText.Time(time) : null;

    [LoggerMessage(3101, LogLevel.Information, "{Notice} is out (sequence {Sequence}), echoed after {EchoMs} ms")]
    private partial void LogPublished(string notice, long sequence, double echoMs);
}

/// <summary>Brings what bursts owe to the outlet.</summary>
internal sealed class OutletRoute(IGrainFactory grains) : IOwedRoute
{
    public const string RouteName = "outlet";

    public string Name => RouteName;

    public static Owed To(string outlet, OutletNews news) => new(RouteName, outlet, JsonSerializer.SerializeToUtf8Bytes(news, NoticeJson.Default.OutletNews));

    public Task DeliverAsync(string target, IReadOnlyList<OwedRow> rows, CancellationToken cancellationToken) =>
        grains.GetGrain<IOutletGrain>(target).TellAsync(
            [.. rows.Select(static row => JsonSerializer.Deserialize(row.Message.Payload.Span, NoticeJson.Default.OutletNews)!)], cancellationToken);
}
