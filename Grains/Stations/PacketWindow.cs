using Svom.Packets;

namespace Svom.Stations;

/// <summary>
/// The packets of the last positions of a feed, with who heard them. It follows from those positions alone, whatever the pieces in which they
/// are read: after a crash it is read again, and nothing of it is stored.
/// </summary>
internal sealed class PacketWindow
{
    /// <summary>Positions that are remembered: two minutes when all 56 stations hear everything, a quarter of an hour on most days.</summary>
    public const int Kept = 4_096;

    /// <summary>A packet is judged when so many positions came after its first copy: by then the others have delivered.</summary>
    public const int JudgedAfter = 1_024;

    // More stations than the network has: a flood of names must not make every copy slower.
    private const int MostCopies = 256;

    private readonly Dictionary<PacketHeader, HeardOnce> byHeader = [];
    private readonly Queue<HeardOnce> kept = new();
    private readonly Queue<HeardOnce> waiting = new();

    /// <summary>Packets that are remembered, oldest first.</summary>
    public IEnumerable<HeardOnce> Packets => kept;

    /// <summary>Takes the next position.</summary>
    /// <returns>True when the station delivered this packet before.</returns>
    public bool Take(LoggedReception reception)
    {
        while (kept.TryPeek(out var oldest) && oldest.Position <= reception.Position - Kept)
        {
            byHeader.Remove(kept.Dequeue().Header);
        }

        if (reception.Header is not { } header)
        {
            return false;
        }

        if (byHeader.TryGetValue(header, out var packet))
        {
            return packet.Add(reception, MostCopies);
        }

        if (reception is { FirstCopy: true, Conflict: false })
        {
            var opened = new HeardOnce(reception, header);
            byHeader.Add(header, opened);
            kept.Enqueue(opened);
            waiting.Enqueue(opened);
        }

        return false;
    }

    /// <summary>Packets whose time to be judged has come, each once, oldest first.</summary>
    public IEnumerable<HeardOnce> Due(long position)
    {
        while (waiting.TryPeek(out var next) && next.Position <= position - JudgedAfter)
        {
            yield return waiting.Dequeue();
        }
    }
}

/// <summary>A packet and its copies.</summary>
internal sealed class HeardOnce(LoggedReception first, PacketHeader header)
{
    private readonly List<(string Station, PacketId Content)> copies = [(first.Station, first.Id)];

    public long Position { get; } = first.Position;

    public DateTimeOffset StoredAt { get; } = first.StoredAt;

    public PacketHeader Header { get; } = header;

    /// <summary>Each station's first copy.</summary>
    public IReadOnlyList<(string Station, PacketId Content)> Copies => copies;

    public bool HeardBy(string station) => copies.Exists(copy => string.Equals(copy.Station, station, StringComparison.Ordinal));

    /// <returns>True when the station has delivered the same content before.</returns>
    public bool Add(LoggedReception copy, int most)
    {
        if (HeardBy(copy.Station))
        {
            return copies.Contains((copy.Station, copy.Id)); // Its first word counts: another content under the same header changes nothing.
        }

        if (copies.Count < most)
        {
            copies.Add((copy.Station, copy.Id));
        }

        return false;
    }

    /// <summary>The content that more than half of the stations heard; null when only one heard it, or no content has so many.</summary>
    public PacketId? Majority()
    {
        if (copies.Count < 2)
        {
            return null;
        }

        var best = copies.GroupBy(static copy => copy.Content).MaxBy(static group => group.Count())!;
        return best.Count() * 2 > copies.Count ? best.Key : null;
    }
}
