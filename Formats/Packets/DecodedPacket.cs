using Svom.Sky;

namespace Svom.Packets;

/// <summary>A decoded packet: the raw value of each field, read by compiled offsets. Typed readers give it meaning.</summary>
public sealed class DecodedPacket
{
    private readonly ulong[] _raw;
    private readonly byte[] _payload;

    internal DecodedPacket(PacketLayout layout, ReadOnlySpan<byte> frame)
    {
        Layout = layout;
        var fields = layout.AllFields;
        var raw = new ulong[fields.Length];
        var inRange = true;
        for (var n = 0; n < fields.Length; n++)
        {
            raw[n] = fields[n].Read(frame);
            inRange &= fields[n].InRange(raw[n]);
        }

        _raw = raw;
        _payload = Messages.MessageKinds.Contains(layout.Kind) ? Messages.MessagePayload.Of(frame).ToArray() : [];
        foreach (var quaternion in layout.Quaternions)
        {
            inRange &= quaternion.Read(this).IsUnit;
        }

        AllInRange = inRange;
    }

    public PacketLayout Layout { get; }

    public PacketKind Kind => Layout.Kind;

    public int Apid => Layout.Apid;

    /// <summary>Modulo 16384.</summary>
    public int SequenceCount => (int)_raw[HeaderFields.SequenceCount.Index];

    /// <summary>On-board time of the packet, UTC, whole seconds.</summary>
    public DateTimeOffset PacketTime => Time(HeaderFields.PacketTime);

    /// <summary>True when every field is in its range and every quaternion has length one.</summary>
    public bool AllInRange { get; }

    /// <summary>Of a part of a message, the octets between packet time and CRC; empty for others, who need no copy.</summary>
    public ReadOnlySpan<byte> Payload => _payload;

    /// <summary>Raw bits of a field of this packet's layout.</summary>
    public ulong Raw(FieldLayout field) => _raw[field.Index];

    /// <summary>Raw bits as a number.</summary>
    public long Integer(FieldLayout field) => field.Integer(_raw[field.Index]);

    /// <summary>Engineering value.</summary>
    public double Number(FieldLayout field) => field.Number(_raw[field.Index]);

    public bool Flag(FieldLayout field) => _raw[field.Index] != 0;

    /// <summary>Meaning of a code; null for one that the table does not list.</summary>
    public CodeEntry? Code(FieldLayout field) => field.Code(_raw[field.Index]);

    /// <summary>A time, UTC.</summary>
    public DateTimeOffset Time(FieldLayout field) => field.Kind is FieldKind.Seconds
        ? MissionTime.FromSeconds((uint)_raw[field.Index])
        : MissionTime.FromFine(_raw[field.Index]);
}

/// <summary>Fields of the header: the same in every layout.</summary>
internal static class HeaderFields
{
    public static readonly FieldLayout SequenceCount = PacketDefinitions.Current.Layouts[0]["Packet_SequenceCount"];
    public static readonly FieldLayout PacketTime = PacketDefinitions.Current.Layouts[0]["Packet_Time"];
}

/// <summary>Four fields that are one quaternion.</summary>
internal sealed class QuaternionFields(PacketLayout layout, string prefix)
{
    private readonly FieldLayout _q0 = layout[prefix + "Q0"];
    private readonly FieldLayout _q1 = layout[prefix + "Q1"];
    private readonly FieldLayout _q2 = layout[prefix + "Q2"];
    private readonly FieldLayout _q3 = layout[prefix + "Q3"];

    public AttitudeQuaternion Read(DecodedPacket packet) =>
        new(packet.Number(_q0), packet.Number(_q1), packet.Number(_q2), packet.Number(_q3));

    public void Write(PacketBuilder builder, AttitudeQuaternion value) =>
        builder.Set(_q0, value.Q0).Set(_q1, value.Q1).Set(_q2, value.Q2).Set(_q3, value.Q3);

    public bool Contains(FieldLayout field) => field == _q0 || field == _q1 || field == _q2 || field == _q3;
}

/// <summary>Two fields that are a direction in an instrument's frame.</summary>
internal sealed class DirectionFields(FieldLayout theta, FieldLayout phi)
{
    public InstrumentDirection Read(DecodedPacket packet) => new(packet.Number(theta), packet.Number(phi));

    public void Write(PacketBuilder builder, InstrumentDirection value) => builder.Set(theta, value.Theta).Set(phi, value.Phi);
}
