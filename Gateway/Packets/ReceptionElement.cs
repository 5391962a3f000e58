using System.Text.Json;
using Svom.Requests;

namespace Svom.Packets;

/// <summary>
/// Reads one JSON object <c>{station, receivedAt, octets, signalDbm?, session?}</c>. Unknown and repeated members are refused:
/// a misspelt <c>signalDbm</c> must not vanish. Null stands for an absent optional member.
/// </summary>
internal sealed class ReceptionElement
{
    // JSON may write each character as \uXXXX: six octets for one.
    private const int LongestText = 6 * 64;
    private const int LongestOctets = 6 * 4 * ((Reception.MaxOctets + 2) / 3);

    private readonly NameCache names = new();

    /// <returns>What is wrong with the element; null when it was read.</returns>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    /// <exception cref="InvalidOperationException">A string is no UTF-8.</exception>
    public string? Read(ref Utf8JsonReader reader, out Reception? reception)
    {
        reception = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return "it is no JSON object";
        }

        string? station = null, session = null;
        DateTimeOffset? receivedAt = null;
        byte[]? octets = null;
        double? signal = null;
        var seen = Member.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Which(ref reader);
            if (member is Member.None || (seen & member) != Member.None)
            {
                return member is Member.None ? "it has a member other than station, receivedAt, octets, signalDbm, session" : $"its member {Name(member)} stands twice";
            }

            seen |= member;
            reader.Read();
            var fault = member switch
            {
                Member.Station => TryName(ref reader, out station) ? null : ReceptionForm.StationFault,
                Member.ReceivedAt => TimeFault(ref reader, out receivedAt),
                Member.Octets => OctetsFault(ref reader, out octets),
                Member.SignalDbm => TrySignal(ref reader, out signal) ? null : ReceptionForm.SignalFault,
                _ => reader.TokenType is JsonTokenType.Null || TryName(ref reader, out session) ? null : ReceptionForm.SessionFault,
            };
            if (fault is not null)
            {
                return fault;
            }
        }

        if (station is null || receivedAt is null || octets is null)
        {
            return $"its member {(station is null ? "station" : receivedAt is null ? "receivedAt" : "octets")} is missing";
        }

        reception = new(station, receivedAt.Value, octets, signal, session);
        return null;
    }

    private bool TryName(ref Utf8JsonReader reader, out string? name)
    {
        Span<byte> room = stackalloc byte[LongestText];
        name = null;
        return TryText(ref reader, room, out var length) && names.TryRead(room[..length], out name);
    }

    private static string? TimeFault(ref Utf8JsonReader reader, out DateTimeOffset? receivedAt)
    {
        Span<byte> room = stackalloc byte[LongestText];
        receivedAt = null;
        if (!TryText(ref reader, room, out var length) || !Instant.TryRead(room[..length], out var at))
        {
            return $"its receivedAt is no time ({Instant.Form})";
        }

        receivedAt = at;
        return ReceptionForm.Plausible(at) ? null : ReceptionForm.TimeFault;
    }

    private static string? OctetsFault(ref Utf8JsonReader reader, out byte[]? octets)
    {
        octets = null;
        if (reader.TokenType is JsonTokenType.String && reader.ValueSpan.Length > LongestOctets)
        {
            return $"its octets are more than {Reception.MaxOctets}";
        }

        return reader.TokenType is not JsonTokenType.String || !reader.TryGetBytesFromBase64(out octets) ? "its octets are no base64 text"
            : octets.Length is 0 or > Reception.MaxOctets ? ReceptionForm.OctetsFault(octets.Length)
            : null;
    }

    private static bool TrySignal(ref Utf8JsonReader reader, out double? signal)
    {
        signal = null;
        if (reader.TokenType is JsonTokenType.Null)
        {
            return true;
        }

        var readable = reader.TokenType is JsonTokenType.Number && reader.TryGetDouble(out var dbm) && double.IsFinite(dbm);
        signal = readable ? reader.GetDouble() : null;
        return readable;
    }

    // Copied and unescaped into a little room on the stack; longer text is none of ours.
    private static bool TryText(ref Utf8JsonReader reader, scoped Span<byte> room, out int length)
    {
        var fits = reader.TokenType is JsonTokenType.String && reader.ValueSpan.Length <= room.Length;
        length = fits ? reader.CopyString(room) : 0;
        return fits;
    }

    private static Member Which(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("station"u8) ? Member.Station
        : reader.ValueTextEquals("receivedAt"u8) ? Member.ReceivedAt
        : reader.ValueTextEquals("octets"u8) ? Member.Octets
        : reader.ValueTextEquals("signalDbm"u8) ? Member.SignalDbm
        : reader.ValueTextEquals("session"u8) ? Member.Session
        : Member.None;

    private static string Name(Member member) => JsonNamingPolicy.CamelCase.ConvertName(member.ToString());

    [Flags]
    private enum Member
    {
        None = 0,
        Station = 1,
        ReceivedAt = 2,
        Octets = 4,
        SignalDbm = 8,
        Session = 16,
    }
}
