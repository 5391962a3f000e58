using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Svom.Gcn;

/// <summary>A notice in the unified GCN schema for SVOM triggers. What is null is absent; no field outside the schema exists.</summary>
/// <param name="AlertTense">current or test.</param>
/// <param name="AlertType">initial, update or retraction.</param>
/// <param name="RecordNumber">Counts the messages of an event.</param>
public sealed record GcnTrigger(
    string Mission, string Instrument, int? RecordNumber, string AlertDatetime, string AlertTense, string AlertType, string Id, string? TriggerTime)
{
    public string? ObservationStart { get; init; }

    public string? ObservationStop { get; init; }

    public decimal? Ra { get; init; }

    public decimal? Dec { get; init; }

    /// <summary>90 % radius, degrees; absent where it is unknown, never negative.</summary>
    public decimal? RaDecError { get; init; }

    public bool? SystematicIncluded { get; init; }

    public GcnStatistics? Rate { get; init; }

    public GcnStatistics? Image { get; init; }

    /// <summary>rate or image.</summary>
    public string? TriggerType { get; init; }

    public decimal? RaPointing { get; init; }

    public decimal? DecPointing { get; init; }

    public decimal? Roll { get; init; }

    public decimal? Latitude { get; init; }

    public decimal? Longitude { get; init; }

    public decimal? Altitude { get; init; }

    /// <summary>accepted, rejected or not_requested.</summary>
    public string? SlewStatus { get; init; }

    /// <summary>One flag for each of the three detectors.</summary>
    public IReadOnlyList<bool>? TriggeredGrds { get; init; }

    public string? AdditionalInfo { get; init; }
}

/// <summary>Significance over a window; of an X-ray position only the SNR is known.</summary>
public sealed record GcnStatistics(decimal Snr, decimal? DurationSeconds, decimal? LowKev, decimal? HighKev);

/// <summary>Writes GCN objects: the same notice gives the same octets, compact, in a fixed order of fields.</summary>
public static class GcnTriggerWriter
{
    private const string Schema = "https://gcn.nasa.gov/schema/main/gcn/notices/svom/trigger.schema.json";

    /// <summary>The object as text; its octets are the UTF-8 of it.</summary>
    public static string Write(GcnTrigger notice)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            WriteIdentity(json, notice);
            WriteWhere(json, notice);
            WriteStatistics(json, "rate", notice.Rate);
            WriteStatistics(json, "image", notice.Image);
            Text(json, "trigger_type", notice.TriggerType);
            Number(json, "ra_pointing", notice.RaPointing);
            Number(json, "dec_pointing", notice.DecPointing);
            Number(json, "roll", notice.Roll);
            Number(json, "latitude", notice.Latitude);
            Number(json, "longitude", notice.Longitude);
            Number(json, "altitude", notice.Altitude);
            Text(json, "slew_status", notice.SlewStatus);
            WriteDetectors(json, notice.TriggeredGrds);
            Text(json, "additional_info", notice.AdditionalInfo);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteIdentity(Utf8JsonWriter json, GcnTrigger notice)
    {
        json.WriteString("mission", notice.Mission);
        json.WriteString("instrument", notice.Instrument);
        json.WriteString("messenger", "EM");
        Number(json, "record_number", notice.RecordNumber);
        json.WriteString("alert_datetime", notice.AlertDatetime);
        json.WriteString("alert_tense", notice.AlertTense);
        json.WriteString("alert_type", notice.AlertType);
        json.WriteStartArray("id");
        json.WriteStringValue(notice.Id);
        json.WriteEndArray();
        Text(json, "trigger_time", notice.TriggerTime);
        Text(json, "observation_start", notice.ObservationStart);
        Text(json, "observation_stop", notice.ObservationStop);
    }

    private static void WriteWhere(Utf8JsonWriter json, GcnTrigger notice)
    {
        Number(json, "ra", notice.Ra);
        Number(json, "dec", notice.Dec);
        Number(json, "ra_dec_error", notice.RaDecError);
        if (notice.RaDecError is not null)
        {
            json.WriteNumber("containment_probability", 0.9m);
        }

        if (notice.SystematicIncluded is { } included)
        {
            json.WriteBoolean("systematic_included", included);
        }
    }

    private static void WriteStatistics(Utf8JsonWriter json, string kind, GcnStatistics? statistics)
    {
        if (statistics is null)
        {
            return;
        }

        json.WriteNumber($"{kind}_snr", statistics.Snr);
        Number(json, $"{kind}_duration", statistics.DurationSeconds);
        if (statistics is { LowKev: { } low, HighKev: { } high })
        {
            json.WriteStartArray($"{kind}_energy_range");
            json.WriteNumberValue(low);
            json.WriteNumberValue(high);
            json.WriteEndArray();
        }
    }

    private static void WriteDetectors(Utf8JsonWriter json, IReadOnlyList<bool>? detectors)
    {
        if (detectors is null)
        {
            return;
        }

        json.WriteStartArray("triggered_GRDs");
        foreach (var fired in detectors)
        {
            json.WriteBooleanValue(fired);
        }

        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
