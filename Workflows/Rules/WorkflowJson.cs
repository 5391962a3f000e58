using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>
/// How records, inputs, messages and states are written: camelCase, nothing for null (what was not said stays unsaid), numbers for
/// enumerations, a short name for each kind. Names and numbers stand in stored records and never change.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true, MaxDepth = 512,
    Converters = [typeof(DeadlineListConverter), typeof(PayloadConverter), typeof(PayloadListConverter)])]
[JsonSerializable(typeof(WorkflowRecord))]
[JsonSerializable(typeof(WorkflowRecord[]))]
[JsonSerializable(typeof(HistoryEvent))]
[JsonSerializable(typeof(HistoryEvent[]))]
[JsonSerializable(typeof(EventAttributes))]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(WorkflowInput))]
[JsonSerializable(typeof(WorkflowMessage))]
[JsonSerializable(typeof(TaskOutcome))]
[JsonSerializable(typeof(WorkflowState))]
[JsonSerializable(typeof(Deadline[]))]
public sealed partial class WorkflowJson : JsonSerializerContext
{
    /// <summary>For what is stored: text in a record stays legible.</summary>
    public static WorkflowJson Stored => Holder.Stored;

    // Its own class: the order in which static members of one class in two files begin is nobody's promise.
    private static class Holder
    {
        public static readonly WorkflowJson Stored = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
