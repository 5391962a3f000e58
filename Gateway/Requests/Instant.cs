using System.Globalization;
using System.Text;

namespace Svom.Requests;

/// <summary>Times at the door: ISO 8601 with seconds and Z or an offset, kept to the millisecond, written with Z.</summary>
internal static class Instant
{
    private const int LongestText = 40;

    /// <summary>Says what <see cref="TryRead(ReadOnlySpan{byte}, out DateTimeOffset)"/> takes.</summary>
    public const string Form = "ISO 8601 with seconds and Z or an offset, such as 2026-03-01T04:13:22.000Z";

    /// <summary>Reads a time; what is finer than a millisecond is cut off. A time without zone is refused: stations disagree about "local".</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out DateTimeOffset at)
    {
        at = default;
        if (text.Length is < 20 or > LongestText || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59
            || !TryFraction(ref text, out var milliseconds) || !TryOffset(text, out var offset))
        {
            return false;
        }

        var ticks = new DateTime(year, month, day, hour, minute, second, milliseconds, DateTimeKind.Utc).Ticks - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        at = new(ticks, TimeSpan.Zero);
        return true;
    }

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out DateTimeOffset)"/>
    public static bool TryRead(string text, out DateTimeOffset at)
    {
        at = default;
        Span<byte> octets = stackalloc byte[LongestText];
        return text.Length <= LongestText && Encoding.UTF8.TryGetBytes(text, octets, out var written) && TryRead(octets[..written], out at);
    }

    /// <summary>Writes UTC to the millisecond with Z.</summary>
    public static string Write(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    // From the 20th octet on: an optional fraction of any length, of which three digits count.
    private static bool TryFraction(ref ReadOnlySpan<byte> text, out int milliseconds)
    {
        milliseconds = 0;
        text = text[19..];
        if (text[0] != '.')
        {
            return true;
        }

        var digits = 0;
        for (text = text[1..]; !text.IsEmpty && char.IsAsciiDigit((char)text[0]); text = text[1..], digits++)
        {
            milliseconds = digits < 3 ? (milliseconds * 10) + text[0] - '0' : milliseconds;
        }

        for (var missing = digits; missing < 3; missing++)
        {
            milliseconds *= 10;
        }

        return digits > 0;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = default;
        if (text is [(byte)'Z'])
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !TryDigits(text[1..3], out var hours) || !TryDigits(text[4..], out var minutes) || hours > 14 || minutes > 59)
        {
            return false;
        }

        offset = (text[0] == '-' ? -1 : 1) * new TimeSpan(hours, minutes, 0);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return true;
    }
}
