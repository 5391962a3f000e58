using System.Collections.Immutable;
using System.Text.Json;

namespace Svom.Packets;

/// <summary>Reads receptions as a JSON array or as JSON lines, token by token: no document is built.</summary>
internal static class ReceptionJson
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 4, CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false };

    /// <summary>Reads one array.</summary>
    public static ReceptionsRead ReadArray(ReadOnlySpan<byte> json, int most)
    {
        var receptions = ImmutableArray.CreateBuilder<Reception>();
        var element = new ReceptionElement();
        var reader = new Utf8JsonReader(WithoutMark(json), Strict);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return ReceptionsRead.Refused(0, "the body is no JSON array of receptions");
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (receptions.Count == most)
                {
                    return ReceptionsRead.TooMany(most);
                }

                if (element.Read(ref reader, out var reception) is { } fault)
                {
                    return ReceptionsRead.Refused(receptions.Count, fault);
                }

                receptions.Add(reception!);
            }

            reader.Read(); // Nothing may follow the array: the reader says so by throwing.
            return new(receptions.DrainToImmutable(), null);
        }
        catch (Exception fault) when (IsUnreadable(fault))
        {
            return ReceptionsRead.Refused(receptions.Count, $"the body is no JSON there (octet {reader.BytesConsumed})");
        }
    }

    /// <summary>Reads one reception a line; empty lines are skipped and do not count.</summary>
    public static ReceptionsRead ReadLines(ReadOnlySpan<byte> lines, int most)
    {
        var receptions = ImmutableArray.CreateBuilder<Reception>();
        var element = new ReceptionElement();
        lines = WithoutMark(lines);
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = (end < 0 ? lines : lines[..end]).Trim(" \t\r"u8);
            lines = end < 0 ? default : lines[(end + 1)..];
            if (line.IsEmpty)
            {
                continue;
            }

            if (receptions.Count == most)
            {
                return ReceptionsRead.TooMany(most);
            }

            if (ReadLine(line, element, out var reception) is { } fault)
            {
                return ReceptionsRead.Refused(receptions.Count, fault);
            }

            receptions.Add(reception!);
        }

        return new(receptions.DrainToImmutable(), null);
    }

    /// <summary>Reads exactly one reception.</summary>
    public static ReceptionsRead ReadOne(ReadOnlySpan<byte> json) =>
        ReadLine(WithoutMark(json).Trim(" \t\r\n"u8), new(), out var reception) is { } fault ? ReceptionsRead.Refused(0, fault) : new([reception!], null);

    private static string? ReadLine(ReadOnlySpan<byte> line, ReceptionElement element, out Reception? reception)
    {
        reception = null;
        var reader = new Utf8JsonReader(line, Strict);
        try
        {
            reader.Read();
            var fault = element.Read(ref reader, out reception);
            if (fault is null)
            {
                reader.Read(); // Nothing may follow on the line.
            }

            return fault;
        }
        catch (Exception fault) when (IsUnreadable(fault))
        {
            return $"its text is no JSON (octet {reader.BytesConsumed} of it)";
        }
    }

    // The reader throws InvalidOperationException for text that is no UTF-8.
    private static bool IsUnreadable(Exception fault) => fault is JsonException or InvalidOperationException;

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text) => text.StartsWith("\uFEFF"u8) ? text[3..] : text;
}
