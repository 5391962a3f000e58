using System.Text.Json;
using System.Threading.Channels;

namespace Svom.Contracts.Gateway;

/// <summary>One event as a browser would hand it on.</summary>
internal sealed record HeardEvent(string Name, string Id, JsonElement Data);

/// <summary>Reads server-sent events by the rules of WHATWG HTML 9.2.6, with nothing of the platform's own code.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly Channel<HeardEvent> heard = Channel.CreateUnbounded<HeardEvent>();
    private readonly HttpResponseMessage answer;
    private readonly Task reading;

    private EventReader(HttpResponseMessage answer)
    {
        this.answer = answer;
        reading = ReadAsync();
    }

    public HttpResponseMessage Answer => answer;

    /// <summary>Comments so far.</summary>
    public Channel<string> Comments { get; } = Channel.CreateUnbounded<string>();

    /// <summary>Ends when the stream does.</summary>
    public Task Ended => reading;

    public static async Task<EventReader> OpenAsync(HttpClient door, string topics, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/events?topic={topics}");
        if (last is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        }

        var answer = await door.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {(answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync())}");
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new(answer);
    }

    public async Task<HeardEvent> NextAsync() => await heard.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Everything heard until the stream ended.</summary>
    public async Task<List<HeardEvent>> RestAsync()
    {
        await reading;
        return await heard.Reader.ReadAllAsync().ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        answer.Dispose();
        await reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
            string name = "", id = "", data = "";
            while (await lines.ReadLineAsync() is { } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..].TrimStart(' '));
                switch (field)
                {
                    case "" when line.Length == 0:
                        if (data.Length > 0)
                        {
                            heard.Writer.TryWrite(new(name, id, JsonDocument.Parse(data).RootElement));
                        }

                        (name, data) = ("", "");
                        break;
                    case "":
                        Comments.Writer.TryWrite(value);
                        break;
                    case "event":
                        name = value;
                        break;
                    case "id":
                        id = value;
                        break;
                    case "data":
                        data += value;
                        break;
                    default:
                        Assert.Equal("retry", field);
                        break;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut off, from whichever side.
        }
        finally
        {
            heard.Writer.TryComplete();
        }
    }
}
