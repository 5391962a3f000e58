using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Svom.Workflows;

/// <summary>
/// Message and stack trace of a failure as one payload, in the form that Temporal's tools read. A mark tells our own from one that an
/// author's kit made: that is the kit's to show.
/// </summary>
internal static class FailureWords
{
    /// <summary>What stands in the place of a hidden message, as in Temporal's kits.</summary>
    public const string Hidden = "Encoded failure";

    private const string Mark = "svom-failure";
    private const string Message = "message";
    private const string StackTrace = "stack_trace";

    private static readonly ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Metadata =
        ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal)
            .Add("encoding", "json/plain"u8.ToArray()).Add(Mark, "1"u8.ToArray());

    /// <summary>One that an author's kit hid already keeps its words.</summary>
    public static bool Hide(Failure failure, out Failure hidden)
    {
        hidden = failure;
        if (failure.EncodedAttributes is not null || (failure.Message.Length == 0 && failure.StackTrace.Length == 0))
        {
            return false;
        }

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString(Message, failure.Message);
            writer.WriteString(StackTrace, failure.StackTrace);
            writer.WriteEndObject();
        }

        hidden = failure with { Message = Hidden, StackTrace = "", EncodedAttributes = new(Metadata, json.WrittenMemory) };
        return true;
    }

    public static bool Show(Failure failure, out Failure shown)
    {
        shown = failure;
        if (failure.EncodedAttributes is not { } words || !words.Metadata.ContainsKey(Mark) || !TryRead(words.Data, out var message, out var stackTrace))
        {
            return false;
        }

        shown = failure with { Message = message, StackTrace = stackTrace, EncodedAttributes = null };
        return true;
    }

    // Whoever wrote it: what can't be read stays hidden.
    private static bool TryRead(ReadOnlyMemory<byte> json, out string message, out string stackTrace)
    {
        (message, stackTrace) = ("", "");
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(Message, out var said)
                || !document.RootElement.TryGetProperty(StackTrace, out var trace) || said.ValueKind != JsonValueKind.String || trace.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            (message, stackTrace) = (said.GetString()!, trace.GetString()!);
            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
