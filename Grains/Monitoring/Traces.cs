using System.Buffers.Binary;
using System.Diagnostics;
using Svom.Notifications;
using Svom.Packets;

namespace Svom.Monitoring;

/// <summary>
/// Traces of what goes through the durable stores, where no context is handed on: a packet's trace has the packet's id, a notice's trace the id of its
/// message. Every step finds its trace by what it works on, also after a crash and in another process; a notice is linked to the packets it was decided on.
/// Costs nothing while nobody listens.
/// </summary>
internal static class Traces
{
    public const string SourceName = "Svom";

    // A batch may hold thousands.
    public const int MostLinks = 32;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>True when somebody listens: what is only made for traces is made then.</summary>
    public static bool On => Source.HasListeners();

    /// <summary>The trace of a packet.</summary>
    public static ActivityContext OfPacket(PacketId packet)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(octets, packet.High);
        BinaryPrimitives.WriteUInt64BigEndian(octets[8..], packet.Low);
        return Of(octets);
    }

    /// <summary>The trace of a notice: the id in its envelope, written without hyphens.</summary>
    public static ActivityContext OfNotice(string ivorn)
    {
        Span<byte> octets = stackalloc byte[16];
        _ = Envelope.IdOf(ivorn).TryWriteBytes(octets, bigEndian: true, out _);
        return Of(octets);
    }

    /// <summary>A step that begins now, in the trace of what is going on already if there is one.</summary>
    public static Activity? Begin(string name, ActivityKind kind, IEnumerable<ActivityLink>? links) =>
        Source.StartActivity(name, kind, default(ActivityContext), tags: null, links);

    /// <summary>A step that is over.</summary>
    /// <param name="trace">Whose it is.</param>
    /// <param name="from">When it began; a clock elsewhere may be ahead, then it took no time.</param>
    /// <param name="to">When it ended.</param>
    /// <param name="links">What it followed from.</param>
    /// <param name="tags">What it says.</param>
    public static void Add(
        string name, ActivityContext trace, DateTimeOffset from, DateTimeOffset to, IEnumerable<ActivityLink>? links, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        using var step = Source.StartActivity(name, ActivityKind.Internal, trace, tags: null, links, from < to ? from : to);
        if (step is not null)
        {
            foreach (var (key, value) in tags)
            {
                step.SetTag(key, value);
            }

            step.SetEndTime(to.UtcDateTime);
        }
    }

    // Its first step has no parent that anybody sent; viewers show it at the top.
    private static ActivityContext Of(ReadOnlySpan<byte> octets) => new(
        ActivityTraceId.CreateFromBytes(octets), ActivitySpanId.CreateFromBytes(octets[8..]), ActivityTraceFlags.Recorded, isRemote: true);
}
