namespace Svom.Packets.Messages;

/// <summary>Which message a packet is part of, and which part. One message is what several packets say together.</summary>
/// <param name="Kind">Kind of all its packets.</param>
/// <param name="ObservationId">Sequence: of GRM for its light curves, else of ECLAIRs.</param>
/// <param name="Number">Counts the messages of a kind in a sequence, from 0.</param>
/// <param name="Part">From 1.</param>
/// <param name="Parts">Packets of the whole message.</param>
public sealed record MessagePartHeader(PacketKind Kind, uint ObservationId, int Number, int Part, int Parts)
{
    /// <summary>The greatest message number.</summary>
    public const int MaxNumber = 15;

    /// <summary>The most packets that one message can have.</summary>
    public const int MaxParts = 64;

    /// <summary>Reads the header of a packet of a message kind.</summary>
    public static MessagePartHeader Read(DecodedPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var fields = MessageFields.Of(packet.Kind);
        return new(
            packet.Kind, (uint)packet.Raw(fields.ObservationId), (int)packet.Raw(fields.Number), (int)packet.Raw(fields.Part), (int)packet.Raw(fields.Parts));
    }
}

/// <summary>The header's fields in the layout of one kind.</summary>
internal sealed class MessageFields(PacketLayout layout)
{
    private static readonly Dictionary<PacketKind, MessageFields> ByKind =
        MessageKinds.All.ToDictionary(static kind => kind, static kind => new MessageFields(PacketDefinitions.Current[kind]));

    public FieldLayout ObservationId { get; } = layout["Observation_Id"];

    public FieldLayout Number { get; } = layout["Msg_Number"];

    public FieldLayout Part { get; } = layout["Msg_Part"];

    public FieldLayout Parts { get; } = layout["Msg_Parts"];

    public static MessageFields Of(PacketKind kind) =>
        ByKind.TryGetValue(kind, out var fields) ? fields : throw new ArgumentException($"A {kind} packet is no part of a message.", nameof(kind));

    public static PacketBuilder Begin(PacketLayout layout, MessagePartHeader header)
    {
        var fields = Of(header.Kind);
        return new PacketBuilder(layout).Set(fields.ObservationId, (double)header.ObservationId).Set(fields.Number, (double)header.Number)
            .Set(fields.Part, (double)header.Part).Set(fields.Parts, (double)header.Parts);
    }
}
