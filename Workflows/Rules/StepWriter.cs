using System.Text.Json;

namespace Svom.Workflows;

/// <summary>
/// Writes ends of local activities as <see cref="WorkflowJson"/> does, octet for octet. Each durable step is a transition with nothing else in it:
/// it is the one kind of record that is worth writing by hand.
/// </summary>
public static class StepWriter
{
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("$type");
    private static readonly JsonEncodedText LocalStepEnded = JsonEncodedText.Encode("localStepEnded");
    private static readonly JsonEncodedText Step = JsonEncodedText.Encode("step");
    private static readonly JsonEncodedText Sequence = JsonEncodedText.Encode("sequence");
    private static readonly JsonEncodedText ActivityType = JsonEncodedText.Encode("activityType");
    private static readonly JsonEncodedText Attempt = JsonEncodedText.Encode("attempt");
    private static readonly JsonEncodedText Result = JsonEncodedText.Encode("result");
    private static readonly JsonEncodedText Failed = JsonEncodedText.Encode("failure");

    /// <returns>False, and nothing written, when there is another kind among them.</returns>
    public static bool TryWrite(Utf8JsonWriter writer, WorkflowRecord[] records)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(records);
        if (!Array.TrueForAll(records, static record => record is LocalStepEnded))
        {
            return false;
        }

        writer.WriteStartArray();
        foreach (var record in records)
        {
            Write(writer, ((LocalStepEnded)record).Step);
        }

        writer.WriteEndArray();
        return true;
    }

    private static void Write(Utf8JsonWriter writer, LocalStep step)
    {
        writer.WriteStartObject();
        writer.WriteString(Kind, LocalStepEnded);
        writer.WriteStartObject(Step);
        writer.WriteNumber(Sequence, step.Sequence);
        writer.WriteString(ActivityType, step.ActivityType);
        writer.WriteNumber(Attempt, step.Attempt);
        if (step.Result is { } result)
        {
            writer.WritePropertyName(Result);
            PayloadListConverter.Write(writer, result);
        }

        if (step.Failure is { } failure)
        {
            writer.WritePropertyName(Failed);
            JsonSerializer.Serialize(writer, failure, WorkflowJson.Default.Failure);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
