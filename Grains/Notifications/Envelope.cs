using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Svom.Bursts;

namespace Svom.Notifications;

/// <summary>
/// The message in which a notice goes out, at most 8 KiB: who it is, what it replaces, how long each step took, where its exact
/// bytes are, and the GCN object itself.
/// </summary>
internal static class Envelope
{
    /// <summary>Largest envelope; subscribers may size their buffers by it.</summary>
    public const int MaxOctets = 8 * 1024;

    /// <summary>The identity of a notice's message: the same for every repeat (a version 8 UUID from the SHA-256 of the IVORN, RFC 9562).</summary>
    public static Guid IdOf(string ivorn)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(ivorn), digest);
        var id = digest[..16];
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new(id, bigEndian: true);
    }

    /// <param name="notice">A sent notice.</param>
    /// <param name="sequence">Its place in the archive.</param>
    /// <param name="published">When it goes out.</param>
    /// <param name="root">Absolute address of the REST door, without a slash at its end.</param>
    public static byte[] Write(ArchivedNotice notice, long sequence, DateTimeOffset published, string root)
    {
        var buffer = new ArrayBufferWriter<byte>(2_048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", IdOf(notice.Ivorn));
            json.WriteNumber("sequence", sequence);
            json.WriteString("burst", notice.Burst);
            json.WriteNumber("burstSequence", notice.BurstSequence ?? 0);
            json.WriteString("noticeType", notice.Type);
            if (notice.Quality is { } quality)
            {
                json.WriteNumber("quality", quality);
            }

            json.WriteString("ivorn", notice.Ivorn);
            json.WriteString("tense", notice.Session is null ? "current" : "test");
            json.WriteString("alertType", notice.AlertType);
            WriteList(json, "supersedes", notice.Supersedes);
            if (notice.Reason is { } reason)
            {
                json.WriteString("reason", reason.Length <= 1_000 ? reason : reason[..1_000]);
            }

            json.WriteString("published", MissionText.Time(published));
            WriteLatency(json, Latency(notice.Times, published, null));
            WriteLinks(json, notice, root);
            json.WritePropertyName("data");
            json.WriteRawValue(notice.Json);
            json.WriteEndObject();
        }

        return buffer.WrittenCount <= MaxOctets
            ? buffer.WrittenSpan.ToArray()
            : throw new InvalidDataException($"The envelope of {notice.Id} would be {buffer.WrittenCount} octets; {MaxOctets} are promised.");
    }

    /// <summary>Steps of the ledger, each since the one before that is known.</summary>
    public static NoticeLatency Latency(NoticeTimes times, DateTimeOffset? published, DateTimeOffset? echoed)
    {
        DateTimeOffset? last = null;
        double? Step(DateTimeOffset? at)
        {
            var step = at - last;
            last = at ?? last;
            return step is { } span ? Math.Round(span.TotalMilliseconds, 3) : null;
        }

        Step(times.Trigger);
        return new(Step(times.Emission), Step(times.Station), Step(times.Ingest), Step(times.Decoded), Step(times.Decided), Step(published), Step(echoed));
    }

    private static void WriteLatency(Utf8JsonWriter json, NoticeLatency latency)
    {
        json.WriteStartObject("latency");
        foreach (var (name, value) in new[]
        {
            ("emissionMs", latency.EmissionMs), ("stationMs", latency.StationMs), ("ingestMs", latency.IngestMs),
            ("decodedMs", latency.DecodedMs), ("decidedMs", latency.DecidedMs), ("publishedMs", latency.PublishedMs),
        })
        {
            json.WritePropertyName(name);
            if (value is { } number)
            {
                json.WriteNumberValue(number);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, ArchivedNotice notice, string root)
    {
        var rel = notice.AlertType switch { "retraction" => "deletion", "update" => "update", _ => "canonical" };
        json.WriteStartArray("links");
        foreach (var (suffix, type, sha256, length) in new[]
        {
            (".xml", "application/xml", notice.XmlSha256, notice.Xml.Length), (".json", "application/json", notice.JsonSha256, notice.Json.Length),
        })
        {
            json.WriteStartObject();
            json.WriteString("rel", rel);
            json.WriteString("type", type);
            json.WriteString("href", $"{root}/api/v1/notices/{notice.Id}{suffix}");
            json.WriteString("sha256", sha256);
            json.WriteNumber("length", length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}

/// <summary>Writes times as <see cref="MissionText"/> does; reads what was ever written.</summary>
internal sealed class MissionTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(MissionText.Time(value));
}

/// <summary>How times are written outside: UTC, milliseconds, <c>Z</c>.</summary>
internal static class MissionText
{
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
