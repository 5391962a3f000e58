using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace Svom.Feeds;

/// <summary>A reader took longer than it may over what it was sent.</summary>
internal sealed class SlowReaderException() : Exception("The reader of events is too slow.");

/// <summary>
/// Writes events to one reader. Several feeds write, one at a time; nothing is queued behind the one that is being written: whoever has more to tell waits, and
/// reads on from the archive afterwards. Source of the form: WHATWG HTML, 9.2.
/// </summary>
internal sealed class EventWriter(PipeWriter body, JsonSerializerOptions json, TimeSpan patience, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Writes several events at once.</summary>
    /// <param name="write">Fills the text; called when it is this writer's turn.</param>
    public async Task WriteAsync(Action<EventText> write, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var text = new ArrayBufferWriter<byte>();
            write(new(text, json));
            if (text.WrittenCount > 0)
            {
                body.Write(text.WrittenSpan);
                await body.FlushAsync(cancellationToken).AsTask().WaitAsync(patience, time, cancellationToken);
            }
        }
        catch (TimeoutException)
        {
            throw new SlowReaderException();
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}

/// <summary>Text of events as it is put together.</summary>
internal readonly struct EventText(IBufferWriter<byte> text, JsonSerializerOptions json)
{
    /// <summary>An event; JSON as this door writes it has no line breaks.</summary>
    public void Event<T>(string name, string id, T data)
    {
        Line("event: ", name);
        Line("id: ", id);
        text.Write("data: "u8);
        text.Write(JsonSerializer.SerializeToUtf8Bytes(data, json));
        text.Write("\n\n"u8);
    }

    /// <summary>Something that readers pass over.</summary>
    public void Comment(string words)
    {
        Line(": ", words);
        text.Write("\n"u8);
    }

    /// <summary>How long a reader shall wait before it comes again.</summary>
    public void Retry(int milliseconds) => Line("retry: ", milliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private void Line(string field, string value)
    {
        Encoding.UTF8.GetBytes(field.AsSpan(), text);
        Encoding.UTF8.GetBytes(value.AsSpan(), text);
        text.Write("\n"u8);
    }
}
