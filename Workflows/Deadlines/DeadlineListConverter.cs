using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>A list of deadlines is written as their array.</summary>
internal sealed class DeadlineListConverter : JsonConverter<DeadlineList>
{
    public override DeadlineList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DeadlineList.Of(JsonSerializer.Deserialize(ref reader, WorkflowJson.Default.DeadlineArray) ?? []);

    public override void Write(Utf8JsonWriter writer, DeadlineList value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToArray(), WorkflowJson.Default.DeadlineArray);
}
