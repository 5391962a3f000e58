using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Bursts;

/// <summary>How records and states of bursts are written: camelCase, nothing for null, names of enumerations, text readable as it is.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BurstRecord))]
[JsonSerializable(typeof(BurstRecord[]))]
[JsonSerializable(typeof(BurstState))]
[JsonSerializable(typeof(Evidence))]
[JsonSerializable(typeof(HeardPacket))]
[JsonSerializable(typeof(HeardPacket[]))]
[JsonSerializable(typeof(ScientificState))]
[JsonSerializable(typeof(BurstAct))]
[JsonSerializable(typeof(AssignmentState))]
public sealed partial class BurstJson : JsonSerializerContext
{
    /// <summary>For what is stored: an XML in a record stays legible.</summary>
    public static BurstJson Stored => Holder.Stored;

    // Its own class: the order in which static members of one class in two files begin is nobody's promise.
    private static class Holder
    {
        public static readonly BurstJson Stored = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
