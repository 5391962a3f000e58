using System.Buffers.Binary;
using Svom.Packets;
using Svom.Sky;

namespace Svom.Support.Hostile;

/// <summary>One frame as a hostile, broken or mad station delivers it. The reception around it is well-formed: the frame itself must be looked at.</summary>
internal sealed record HostileFrame(string Station, DateTimeOffset ReceivedAt, byte[] Octets, string? Session);

/// <summary>
/// Frames of every packet kind, mutated. Half of them keep a right CRC: what lies behind that check is reached only so. Groups of copies with a few wrong bits
/// are for the vote of broken copies.
/// </summary>
internal static class HostileFrames
{
    /// <summary>Mission time of the first one.</summary>
    public static readonly DateTimeOffset Start = new(2026, 4, 21, 0, 0, 0, TimeSpan.Zero);

    private const int HeaderOctets = 12; // Spacecraft, packet header, packet time.
    private const int Copies = 4;
    private const int MostSequences = 64;
    private const int LongestReception = 4_096;
    private static readonly string[] Stations = ["KOU", "NCL1", "REU1", "GUF1", "ASC1", "HBK1", "KRU1", "PAP1"];
    private static readonly string?[] Sessions = ["fuzz-a", "fuzz-b", "fuzz-c", null];
    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2099, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <summary>The input of this seed and index.</summary>
    public static HostileFrame Make(long seed, long index)
    {
        // Copies of one frame stand side by side, as they arrive.
        var group = new Dice(seed, HostileKind.Frames, -1 - (index / Copies));
        var (asCopies, session, of) = (group.Once(5), group.One(Sessions), group.Below(int.MaxValue));
        var dice = new Dice(seed, HostileKind.Frames, index);
        var at = Start.AddMilliseconds(100 * (index / Copies));
        var arrival = dice.Once(200) ? dice.One(Earliest, Latest, at.AddYears(-5), at.AddYears(3)) : at.AddMilliseconds(1_500 + dice.Below(400));
        if (asCopies)
        {
            var sent = Valid(new(seed, HostileKind.Frames, -1 - of), at);
            return new(Stations[index % Copies], arrival, dice.Once(8) ? sent : Noisy(sent, dice), session);
        }

        var frame = Valid(dice, at);
        return new(dice.One(Stations), arrival, Mutate(frame, Valid(dice, at), dice), session);
    }

    /// <summary>A whole frame of some kind, all its values in range.</summary>
    public static byte[] Valid(Dice dice, DateTimeOffset at)
    {
        var layout = PacketDefinitions.Current.Layouts[dice.Below(PacketDefinitions.Current.Layouts.Count)];
        var builder = new PacketBuilder(layout);
        foreach (var field in layout.Fields)
        {
            if (field is { Expected: null, Kind: not FieldKind.Crc })
            {
                builder.SetRaw(field, Raw(field, dice, at));
            }
        }

        foreach (var prefix in layout.QuaternionPrefixes)
        {
            var attitude = AttitudeQuaternion.FromAttitude(new(dice.Below(360), dice.Below(181) - 90, dice.Below(360)));
            builder.SetSaturated(layout[prefix + "Q0"], attitude.Q0).SetSaturated(layout[prefix + "Q1"], attitude.Q1)
                .SetSaturated(layout[prefix + "Q2"], attitude.Q2).SetSaturated(layout[prefix + "Q3"], attitude.Q3);
        }

        return builder.Build(dice.Below(16_384), at);
    }

    private static ulong Raw(FieldLayout field, Dice dice, DateTimeOffset at)
    {
        if (field.Kind is FieldKind.Time or FieldKind.Seconds)
        {
            var time = at.AddSeconds(-dice.Below(120));
            return field.Kind is FieldKind.Seconds ? MissionTime.ToSeconds(time) : MissionTime.ToFine(time);
        }

        if (field.Name == "Observation_Id")
        {
            return (ulong)((at - Start).TotalMinutes / 20) * MostSequences + (ulong)dice.Below(4); // Some packets belong together, or no burst would grow.
        }

        var most = field.Bits >= 64 ? ulong.MaxValue : (1UL << field.Bits) - 1;
        for (var tries = 0; tries < 8; tries++)
        {
            var raw = field is { Min: { } min, Max: { } max } ? field.FromNumberSaturated(min + ((max - min) * (dice.Below(10_001) / 10_000.0))) : dice.Next() & most;
            if (field.InRange(raw))
            {
                return raw;
            }
        }

        var first = 0UL; // Few of many codes are in a table.
        while (first < most && !field.InRange(first))
        {
            first++;
        }

        return first;
    }

    private static byte[] Mutate(byte[] frame, byte[] other, Dice dice)
    {
        switch (dice.Below(12))
        {
            case 0 or 1 or 2:
                var octets = OctetMutation.Mutate(frame, other, dice, LongestReception);
                return octets.Length == 0 ? [0] : octets; // Without octets it would be no reception.
            case 3:
                return Sealed(OctetMutation.MutateInPlace(frame, dice));
            case 4 or 5:
                return Sealed(WithEdges(frame, dice));
            case 6:
                frame[VhfFrame.PacketAt] = (byte)((frame[VhfFrame.PacketAt] & 0xF8) | dice.Below(8));
                frame[VhfFrame.PacketAt + 1] = (byte)dice.Next();
                return Sealed(frame);
            case 7:
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(VhfFrame.PacketAt + 4), (ushort)dice.Edge(16));
                return Sealed(frame);
            case 8:
                dice.Octets(4).CopyTo(frame, VhfFrame.PacketAt); // Version, type, flags, application, sequence count.
                return Sealed(frame);
            case 9:
                other.AsSpan(HeaderOctets + dice.Below(other.Length - HeaderOctets)).CopyTo(frame.AsSpan(HeaderOctets)); // Another kind's content, shifted.
                return Sealed(frame);
            case 10:
                BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(VhfFrame.PacketAt + 6), (uint)dice.Edge(32));
                return Sealed(frame);
            default:
                dice.Octets(frame.Length - HeaderOctets).CopyTo(frame, HeaderOctets); // The whole content.
                return Sealed(frame);
        }
    }

    private static byte[] WithEdges(byte[] frame, Dice dice)
    {
        var layout = PacketDefinitions.Current.Find(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(VhfFrame.PacketAt)) & 0x7FF)!;
        for (var fields = 1 + dice.Below(3); fields > 0; fields--)
        {
            var field = layout.Fields[dice.Below(layout.Fields.Count)];
            field.Write(frame, dice.Edge(field.Bits));
        }

        return frame;
    }

    private static byte[] Noisy(byte[] frame, Dice dice)
    {
        for (var bits = 1 + dice.Below(8); bits > 0; bits--)
        {
            frame[dice.Below(frame.Length)] ^= (byte)(1 << dice.Below(8));
        }

        return frame;
    }

    private static byte[] Sealed(byte[] frame)
    {
        VhfFrame.Seal(frame);
        return frame;
    }
}
