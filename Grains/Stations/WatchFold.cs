using System.Collections.Immutable;
using Svom.Packets;

namespace Svom.Stations;

/// <summary>
/// Reads a feed's log in order and says what it adds to each station. What it says follows from the log alone, whatever the pieces: the packet
/// window follows from the last positions, the orbit from the packets before.
/// </summary>
internal sealed class WatchFold(ImmutableArray<Station> network, StationWatchOptions options, OrbitFix? orbit)
{
    private static readonly int OrbitApid = PacketDefinitions.Current[PacketKind.Orbit].Apid;

    // A satellite's clock is not ahead of the ground's by more.
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(1);

    private readonly PacketWindow window = new();
    private readonly FrozenIds listed = new(network);
    private StationSky? sky = orbit is null ? null : new(orbit, network, options.MaskDegrees, options.OrbitAge);

    public PacketWindow Window => window;

    public StationSky? Sky => sky;

    /// <summary>Positions that were counted before, so that the window is as it was.</summary>
    public void Remember(LoggedReception reception)
    {
        if (reception.Verdict is ReceptionVerdict.Recovered)
        {
            return;
        }

        window.Take(reception);
        foreach (var _ in window.Due(reception.Position))
        {
            // Judged then.
        }
    }

    /// <summary>Takes a piece of the log.</summary>
    public Piece Take(IReadOnlyList<LoggedReception> receptions, long upTo)
    {
        var book = new StationBook(options.LateAfter);
        var (before, lastStored) = (sky?.Orbit, default(DateTimeOffset?));
        foreach (var reception in receptions.Where(static one => one.Verdict is not ReceptionVerdict.Recovered)) // No station delivered those.
        {
            var page = book.Count(reception);
            page.Repeats += window.Take(reception) ? 1 : 0;
            lastStored = lastStored > reception.StoredAt ? lastStored : reception.StoredAt;
            if (reception is { FirstCopy: true, Header: { } header } && header.Apid == OrbitApid)
            {
                Learn(reception);
            }

            foreach (var packet in window.Due(reception.Position))
            {
                Judge(packet, book);
            }
        }

        return new(upTo, lastStored, Equals(before, sky?.Orbit) ? null : sky?.Orbit, book);
    }

    public bool IsListed(string station) => listed.Contains(station);

    private void Learn(LoggedReception reception)
    {
        if (PacketDefinitions.Current.TryDecode(reception.Octets.Span, out var decoded) && decoded.AllInRange && OrbitPacket.From(decoded) is { IsPlausible: true } orbit
            && orbit.At <= reception.StoredAt + MostAhead && !(orbit.At <= sky?.Orbit.At))
        {
            var fix = new OrbitFix(orbit.At, orbit.Position.X, orbit.Position.Y, orbit.Position.Z, orbit.Velocity.X, orbit.Velocity.Y, orbit.Velocity.Z);
            sky = new(fix, network, options.MaskDegrees, options.OrbitAge);
        }
    }

    private void Judge(HeardOnce packet, StationBook book)
    {
        if (packet.Majority() is { } content)
        {
            foreach (var copy in packet.Copies)
            {
                book[copy.Station].Judged++;
                book[copy.Station].Agreed += copy.Content == content ? 1 : 0;
            }
        }

        if (sky?.At(packet.Header.PacketTime) is not { } sight)
        {
            return;
        }

        for (var n = 0; n < network.Length; n++)
        {
            if (sight.Sees(n) && network[n].Since <= DateOnly.FromDateTime(packet.Header.PacketTime.UtcDateTime))
            {
                var page = book[network[n].Id];
                page.Expected++;
                page.HeardOfExpected += packet.HeardBy(network[n].Id) ? 1 : 0;
            }
        }
    }

    /// <summary>What a piece of the log adds.</summary>
    internal sealed record Piece(long UpTo, DateTimeOffset? LastStored, OrbitFix? Orbit, StationBook Book);

    private sealed class FrozenIds(ImmutableArray<Station> network)
    {
        private readonly HashSet<string> ids = [.. network.Select(static station => station.Id)];

        public bool Contains(string id) => ids.Contains(id);
    }
}
