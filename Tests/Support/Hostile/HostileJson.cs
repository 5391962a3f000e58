using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;

namespace Svom.Support.Hostile;

/// <summary>Mutates a JSON text by its structure and by its octets. Pure: dice and example alone make the result.</summary>
internal static class HostileJson
{
    private const int LongestText = 60_000;
    private const int MostRepeats = 40;
    private const int DeepestNest = 20_000;
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    // Written as they stand: what no writer of JSON would let through is the point.
    private static readonly byte[][] Tokens =
    [
        .. ((string[])
        [
            "null", "true", "false", "0", "-1", "-0", "1e999", "-1e999", "1e-400", "1.7976931348623157e308", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
            "2147483648", "0.1", "1.", ".5", "01", "+1", "0x10", "NaN", "Infinity", "-Infinity", "nul", "tru", "{}", "[]", "[[]]", "[null]", "{\"a\":1}", "\"\"", "\" \"", "\"a\"",
            "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\x41\"", "\"\\u12\"", "\"\\\"", "\"\t\"", "'a'", "a", "\"../../etc\"", "\"a/b\"", "\"Ω\"", "\"\\u202e\"",
            "\"accept\"", "\"grb\"", "\"operator\"", "\"fuzz-a\"", "\"KOU\"", "\"9999-12-31T23:59:59.999Z\"", "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"2026-02-30T00:00:00Z\"",
            "\"2026-04-21T24:00:00Z\"", "\"2026-04-21T00:10:00.000Z\"", "\"2026-04-21 00:10:00\"", "\"1e5\"", "1e5", "\"-112.5\"", "\"AAAA====\"", "\"====\"", "\"AAA\"", "\"A A A\"", "\"////\"",
            "\"__proto__\"", "\"$type\"", "\"sb26042101\"", "\"tb26042101\"", "\"true\"", "/* */1", "1//", "\"%s%n\"", "\"<script>\"", "\"]]>\"", "\"' or 1=1--\"",
        ]).Select(Encoding.UTF8.GetBytes),
        [(byte)'"', 0xC3, 0x28, (byte)'"'], [(byte)'"', 0xFF, (byte)'"'], [(byte)'"', 0xC0, 0x80, (byte)'"'], [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'], [(byte)'"', 0xF4, 0x90, 0x80, 0x80, (byte)'"'], [0x00], [0xFF],
    ];

    private static readonly string[] Strange = ["", "a", "$type", "$id", "$ref", "__proto__", "Reason", "reason ", "\\u0072eason", "\\ud800", "\\u0000"];

    /// <param name="example">A body that the door takes.</param>
    /// <param name="other">Another door's, to splice in.</param>
    public static byte[] Body(JsonNode? example, JsonNode? other, Dice dice, int longest)
    {
        var body = dice.Below(8) switch
        {
            <= 3 => Structured(example, dice),
            4 => OctetMutation.Mutate(Plain(example), Plain(other), dice, longest),
            5 => OctetMutation.Mutate(Structured(example, dice), Plain(other), dice, longest),
            6 => Surgery(Structured(example, dice), dice),
            _ => Structured(dice.Once(4) ? other : example, dice),
        };
        return body.Length <= longest ? body : body[..longest];
    }

    private static byte[] Plain(JsonNode? node) => Encoding.UTF8.GetBytes(node?.ToJsonString() ?? "null");

    private static byte[] Structured(JsonNode? node, Dice dice)
    {
        // From nearly right, to get past the first checks, to hardly so.
        var writing = new Writing(dice, dice.One(3, 8, 20, 60));
        writing.Write(node);
        return writing.Text;
    }

    private static byte[] Surgery(byte[] text, Dice dice) => dice.Below(8) switch
    {
        0 => text[..dice.Below(text.Length + 1)],
        1 => [.. Mark, .. text],
        2 => [.. text, .. text],
        3 => [.. text, (byte)','],
        4 => Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(text)),
        5 => [.. new byte[dice.Below(64)], .. text],
        6 => [.. "\r\n\t "u8, .. text, .. " \n"u8],
        _ => [],
    };

    private sealed class Writing(Dice dice, int rate)
    {
        private readonly ArrayBufferWriter<byte> octets = new();

        public byte[] Text => octets.WrittenSpan.ToArray();

        public void Write(JsonNode? node)
        {
            if (dice.Once(rate))
            {
                Hostile();
                return;
            }

            switch (node)
            {
                case JsonObject members:
                    Object(members);
                    break;
                case JsonArray elements:
                    Array(elements);
                    break;
                default:
                    Put(node?.ToJsonString() ?? "null");
                    break;
            }
        }

        private void Object(JsonObject members)
        {
            Put("{");
            var first = true;
            foreach (var (name, value) in dice.Once(4) ? members.Reverse() : members)
            {
                if (dice.Once(rate * 2))
                {
                    continue;
                }

                Member(dice.Once(rate * 3) ? dice.One(Strange) : name, value, ref first);
                if (dice.Once(rate * 3))
                {
                    Member(name, value, ref first);
                }
            }

            if (dice.Once(rate * 3))
            {
                Member(dice.One(Strange), null, ref first);
            }

            Put(dice.Once(rate * 8) ? ",}" : "}");
        }

        private void Member(string name, JsonNode? value, ref bool first)
        {
            Put(first ? "\"" : ",\"");
            Put(name);
            Put(dice.Once(rate * 8) ? "\" " : "\":");
            Write(value);
            first = false;
        }

        private void Array(JsonArray elements)
        {
            Put("[");
            var repeats = dice.Once(rate) ? dice.Below(MostRepeats) : 1;
            for (var n = 0; n < repeats * elements.Count; n++)
            {
                Put(n == 0 ? "" : ",");
                Write(elements[n % elements.Count]);
            }

            Put(dice.Once(rate * 8) ? ",]" : "]");
        }

        private void Hostile()
        {
            switch (dice.Below(24))
            {
                case 0:
                    var open = dice.One("[", "{\"a\":");
                    var depth = dice.Once(20) ? dice.Below(DeepestNest) : dice.Below(24);
                    Many(open, depth);
                    if (dice.Once(2))
                    {
                        Put("1");
                        Many(open == "[" ? "]" : "}", depth);
                    }

                    break;
                case 1:
                    Put("\"");
                    Many(dice.One("a", "Ω", "\\u0041", "=", "AAAA"), dice.Once(20) ? dice.Below(LongestText) : dice.One(63, 64, 65, 127, 129, 999, 1_000, 1_001));
                    Put("\"");
                    break;
                case 2:
                    Put(dice.One("-", "", "0."));
                    Many(dice.One("9", "0", "1"), 1 + dice.Below(dice.Once(10) ? 10_000 : 40));
                    break;
                default:
                    octets.Write(dice.One(Tokens));
                    break;
            }
        }

        private void Many(string text, int times)
        {
            for (; times > 0; times--)
            {
                Put(text);
            }
        }

        private void Put(string text) => octets.Advance(Encoding.UTF8.GetBytes(text, octets.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }
}
