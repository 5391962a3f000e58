using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Outcomes;
using Svom.Packets.Recovery;

namespace Svom.Packets;

/// <summary>Browses the packet log.</summary>
[StatelessWorker]
internal sealed class PacketQueryGrain(IPacketLog log, IEventStore store, IOptions<RecoveryOptions> recovery) : Grain, IPacketQueryGrain
{
    // Each is a read of its own.
    private const int PositionsPerLook = 1_000;
    private static readonly string Spacecraft = PacketDefinitions.Current.SpacecraftName;
    private readonly PacketSummaries details = new(log, store, recovery.Value);

    public async Task<Outcome<Page<PacketSummary>>> FindAsync(PacketSearch search, CancellationToken cancellationToken)
    {
        long? before = null;
        if (search.Cursor is { } cursor)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            {
                return new Refusal(RefusalCode.Invalid, "The cursor is none of this list's.");
            }

            before = at;
        }

        if (search.Burst is { } burst)
        {
            return await OfBurstAsync(burst, search, before, cancellationToken);
        }

        var feed = new FeedId(Spacecraft, search.Session);
        var found = await log.FindAsync(
            new(feed, search.Apid, search.Station, search.From, search.To, search.Invalid, FirstCopies: !search.Invalid, before, search.Limit, Recovered: search.Recovered), cancellationToken);
        return await ToPageAsync(feed, found.Items, found.Before, cancellationToken);
    }

    public async Task<Outcome<PacketDetail>> GetAsync(PacketId id, string? session, CancellationToken cancellationToken)
    {
        var feeds = await log.WhereAsync(id, cancellationToken);
        foreach (var feed in feeds.Where(feed => session is null || feed.Session == session).OrderBy(static feed => feed.Session, StringComparer.Ordinal)) // Live: no session, so first.
        {
            if (await log.CopiesAsync(feed, id, cancellationToken) is { Count: > 0 } copies)
            {
                var first = copies.FirstOrDefault(static copy => copy.Verdict is ReceptionVerdict.Valid) ?? copies.FirstOrDefault(static copy => copy.FirstCopy) ?? copies[0];
                var known = PacketDefinitions.Current.TryDecode(first.Octets.Span, out var decoded);
                return new PacketDetail(
                    await details.SummaryAsync(feed, first, copies, cancellationToken), known ? PacketDefinitions.Current.Version : null, known ? Fields(decoded!) : [],
                    [.. copies.Where(static copy => copy.Verdict is not ReceptionVerdict.Recovered).Select(details.Copy)], first.Octets);
            }
        }

        return new Refusal(RefusalCode.NotFound, $"There is no packet '{id}'{(session is null ? "" : $" in session '{session}'")}.");
    }

    private async Task<Outcome<Page<PacketSummary>>> OfBurstAsync(string burst, PacketSearch search, long? before, CancellationToken cancellationToken)
    {
        if (await BurstIndex.FeedAsync(store, burst, cancellationToken) is not { } key)
        {
            return new Refusal(RefusalCode.NotFound, $"There is no burst '{burst}'.");
        }

        var feed = FeedId.Parse(key);
        var positions = search.Invalid ? [] : await BurstPackets.BeforeAsync(store, burst, before, cancellationToken);
        var found = new List<LoggedReception>();
        var looked = 0;
        while (looked < positions.Count && looked < PositionsPerLook && found.Count < search.Limit)
        {
            var slice = await log.ReadAsync(feed, positions[looked++] - 1, 1, packetsOnly: true, cancellationToken);
            found.AddRange(slice.Items.Where(packet => Matches(packet, search)));
        }

        var page = await ToPageAsync(feed, found, looked < positions.Count ? positions[looked - 1] : null, cancellationToken);

        // A recovered packet that was heard whole later stands in the list already.
        return page with { Items = [.. page.Items.Where(packet => search.Recovered || packet is not { Verdict: ReceptionVerdict.Recovered, Recovered.Linked: not null })] };
    }

    // A burst's packets are valid ones, each with its first copy, and recovered ones.
    private static bool Matches(LoggedReception packet, PacketSearch search) =>
        (!search.Recovered || packet.Verdict is ReceptionVerdict.Recovered)
        && (search.Apid is not { } apid || packet.Header?.Apid == apid)
        && (search.Station is not { } station || string.Equals(packet.Station, station, StringComparison.Ordinal))
        && !(packet.ReceivedAt < search.From) && !(packet.ReceivedAt >= search.To);

    private async Task<Page<PacketSummary>> ToPageAsync(FeedId feed, IReadOnlyList<LoggedReception> found, long? before, CancellationToken cancellationToken) =>
        new(await details.SummariesAsync(feed, found, cancellationToken), before?.ToString(CultureInfo.InvariantCulture));

    private static ImmutableArray<PacketField> Fields(DecodedPacket packet) =>
    [
        .. PacketView.Of(packet).Fields.Select(static field => new PacketField(
            field.Name, field.BitOffset, field.Bits, field.Raw.ToString(CultureInfo.InvariantCulture), field.Value, field.Unit, field.InRange)),
    ];
}
