using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>By which an attempt of an activity is completed from elsewhere.</summary>
/// <param name="Attempt">The attempt that it belongs to; one of an attempt that is over is refused.</param>
internal sealed record ActivityToken(WorkflowAddress Workflow, string RunId, string ActivityId, int Attempt)
{
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, ActivityTokenJson.Default.ActivityToken);

    /// <exception cref="ArgumentException">It is none of ours.</exception>
    public static ActivityToken Read(ReadOnlyMemory<byte> token)
    {
        try
        {
            return JsonSerializer.Deserialize(token.Span, ActivityTokenJson.Default.ActivityToken) is { ActivityId.Length: > 0, RunId.Length: > 0 } read && read.Workflow.Fault() is null
                ? read
                : throw new ArgumentException("The task token is none of this platform.", nameof(token));
        }
        catch (JsonException unreadable)
        {
            throw new ArgumentException("The task token is none of this platform.", nameof(token), unreadable);
        }
    }
}

[JsonSerializable(typeof(ActivityToken))]
internal sealed partial class ActivityTokenJson : JsonSerializerContext;
