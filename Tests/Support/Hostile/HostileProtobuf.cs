using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Google.Protobuf.Reflection;

namespace Svom.Support.Hostile;

/// <summary>
/// Writes messages of a type octet by octet: fields left out, twice, of another wire type, with values at the edge, lengths that lie, groups, nests. No library would
/// write them. Pure: dice and type alone make the result.
/// </summary>
internal static class HostileProtobuf
{
    private const int DeepestNest = 200;
    private const int MostRepeats = 4;

    // Values that get past the first checks, by the field's name.
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["id"] = ["tb26042101", "sb26042101", "KOU", "silent.KOU", "sb26042101_grm-trigger", "0123456789abcdef0123456789abcdef"],
        ["burst_id"] = ["tb26042101", "sb26042101", "tb26042102"],
        ["burst"] = ["tb26042101", "sb26042101"],
        ["station"] = ["KOU", "NCL1", "_recovered"],
        ["session"] = ["fuzz-a", "fuzz-b"],
        ["reason"] = ["because", "\u0000", "Ω"],
        ["notices"] = ["grm-trigger", "tb26042101_grm-trigger"],
        ["idempotency_key"] = ["fuzz-1", "fuzz-2"],
        ["observation"] = ["1", "4294967295"],
        ["type"] = ["grm-trigger"],
    };

    private static readonly string[] Texts = ["", "a", "\u0000", "..", "Ω", "\ud83d\ude00", "a/b", new('a', 64), new('a', 65), new('a', 1_025), "9999999999", "-1"];

    public static byte[] Message(MessageDescriptor type, Dice dice)
    {
        var octets = new ArrayBufferWriter<byte>();
        Write(octets, type, dice, dice.One(4, 10, 40), 0);
        return dice.Once(6) ? OctetMutation.Mutate(octets.WrittenSpan, octets.WrittenSpan, dice, 60_000) : octets.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> to, MessageDescriptor type, Dice dice, int rate, int depth)
    {
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            var times = field.IsRepeated ? dice.Below(MostRepeats) : dice.Once(rate) ? 0 : dice.Once(rate) ? 2 : 1;
            if (!field.IsRepeated && field.HasPresence && field.FieldType is not FieldType.Message && dice.Once(2))
            {
                continue; // Optional ones are as often left out.
            }

            for (; times > 0; times--)
            {
                if (dice.Once(rate))
                {
                    Strange(to, field.FieldNumber, dice);
                }
                else
                {
                    Field(to, field, dice, rate, depth);
                }
            }
        }

        if (dice.Once(rate))
        {
            Strange(to, dice.One(0, 15, 16, 1_000, 19_000, 536_870_911, 536_870_912), dice);
        }
    }

    private static void Field(ArrayBufferWriter<byte> to, FieldDescriptor field, Dice dice, int rate, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Message:
                var inner = new ArrayBufferWriter<byte>();
                if (depth < 6)
                {
                    Message(inner, field.MessageType, dice, rate, depth);
                }

                Delimited(to, field.FieldNumber, inner.WrittenSpan, dice, rate);
                break;
            case FieldType.String:
                Delimited(to, field.FieldNumber, Text(field.Name, dice, rate), dice, rate);
                break;
            case FieldType.Bytes:
                Delimited(to, field.FieldNumber, dice.Once(2) ? HostileFrames.Make((long)(dice.Next() >> 1), dice.Below(1_000_000)).Octets : dice.Octets(dice.Once(50) ? 5_000 : dice.Below(200)), dice, rate);
                break;
            case FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64:
                Tag(to, field.FieldNumber, 1);
                var number = dice.Below(6) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => double.MaxValue, 3 => -0.0, 4 => double.Epsilon, _ => -112.5 };
                BinaryPrimitives.WriteDoubleLittleEndian(to.GetSpan(8), number);
                to.Advance(8);
                break;
            case FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32:
                Tag(to, field.FieldNumber, 5);
                BinaryPrimitives.WriteUInt32LittleEndian(to.GetSpan(4), (uint)dice.Edge(32));
                to.Advance(4);
                break;
            default:
                Tag(to, field.FieldNumber, 0);
                Varint(to, dice.Once(3) ? dice.Edge(64) : (ulong)dice.Below(8));
                break;
        }
    }

    private static void Message(ArrayBufferWriter<byte> inner, MessageDescriptor type, Dice dice, int rate, int depth)
    {
        if (type.FullName == "google.protobuf.Timestamp" && !dice.Once(rate))
        {
            Tag(inner, 1, 0);
            Varint(inner, (ulong)(HostileFrames.Start.ToUnixTimeSeconds() + dice.Below(100_000)));
            Tag(inner, 2, 0);
            Varint(inner, dice.Once(8) ? dice.Edge(32) : (ulong)dice.Below(1_000_000_000));
            return;
        }

        Write(inner, type, dice, rate, depth + 1);
    }

    private static byte[] Text(string name, Dice dice, int rate) =>
        dice.Once(rate) ? dice.One<byte[]>([0xC3, 0x28], [0xFF], [0xED, 0xA0, 0x80], dice.Octets(dice.Below(80)))
        : Encoding.UTF8.GetBytes(Known.TryGetValue(name, out var known) && !dice.Once(4) ? dice.One(known) : dice.One(Texts));

    private static void Strange(ArrayBufferWriter<byte> to, int number, Dice dice)
    {
        switch (dice.Below(8))
        {
            case 0:
                Tag(to, number, dice.Below(8));
                break;
            case 1:
                Tag(to, number, 0);
                to.Write(Enumerable.Repeat((byte)0xFF, 9 + dice.Below(4)).ToArray()); // A varint that never ends, or is too long.
                break;
            case 2:
                Tag(to, number, 2);
                Varint(to, dice.Edge(dice.One(31, 32, 64)));
                break;
            case 3:
                for (var depth = dice.Below(DeepestNest); depth > 0; depth--)
                {
                    Tag(to, number, 3); // Groups that are opened and never closed.
                }

                break;
            case 4:
                Tag(to, number, 4);
                break;
            case 5:
                var nest = Array.Empty<byte>();
                for (var depth = dice.Below(DeepestNest); depth > 0; depth--)
                {
                    var outer = new ArrayBufferWriter<byte>();
                    Tag(outer, number, 2);
                    Varint(outer, (ulong)nest.Length);
                    outer.Write(nest);
                    nest = outer.WrittenSpan.ToArray();
                }

                to.Write(nest);
                break;
            case 6:
                Tag(to, number, 5);
                to.Write(dice.Octets(4));
                break;
            default:
                to.Write(dice.Octets(1 + dice.Below(12)));
                break;
        }
    }

    private static void Delimited(ArrayBufferWriter<byte> to, int number, ReadOnlySpan<byte> octets, Dice dice, int rate)
    {
        Tag(to, number, 2);
        Varint(to, dice.Once(rate * 6) ? dice.Edge(dice.One(8, 32, 64)) : (ulong)octets.Length);
        to.Write(octets);
    }

    private static void Tag(ArrayBufferWriter<byte> to, int number, int type) => Varint(to, ((ulong)(uint)number << 3) | (uint)type);

    private static void Varint(ArrayBufferWriter<byte> to, ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            to.Write([(byte)(value | 0x80)]);
        }

        to.Write([(byte)value]);
    }
}
