using Svom.Packets;

namespace Svom.Simulation;

/// <summary>A part of a message that waits on board for its turn.</summary>
/// <param name="From">Not before: when its content is known.</param>
/// <param name="Rank">Lower ones go first.</param>
internal sealed record WaitingPacket(DateTimeOffset From, int Rank, PacketKind Kind, Func<int, DateTimeOffset, byte[]> Write)
{
    public OutgoingPacket SentAt(DateTimeOffset at) => new(at, at, PacketDefinitions.Current[Kind].Apid, null, Write);
}

/// <summary>The queue on board: of what is ready, the lowest rank first, then in order.</summary>
internal sealed class OnboardQueue(IEnumerable<WaitingPacket> packets)
{
    private readonly List<WaitingPacket> waiting = [.. packets.OrderBy(static packet => packet.Rank).ThenBy(static packet => packet.From)];

    /// <summary>More that waits, behind what waits already in the same rank.</summary>
    public void Add(IEnumerable<WaitingPacket> more)
    {
        WaitingPacket[] all = [.. waiting.Concat(more).OrderBy(static packet => packet.Rank).ThenBy(static packet => packet.From)];
        waiting.Clear();
        waiting.AddRange(all);
    }

    /// <summary>When the next one is ready; null when none waits.</summary>
    public DateTimeOffset? Next => waiting.Count == 0 ? null : waiting.Min(static packet => packet.From);

    /// <summary>Takes one that is ready; null when none is.</summary>
    public OutgoingPacket? Take(DateTimeOffset at)
    {
        var first = waiting.FindIndex(packet => packet.From <= at);
        if (first < 0)
        {
            return null;
        }

        var packet = waiting[first];
        waiting.RemoveAt(first);
        return packet.SentAt(at);
    }
}
