using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Svom.Simulation;

/// <summary>The platform said no, or stayed away too long.</summary>
public sealed class PlatformException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What became of a batch.</summary>
public sealed record IngestSum(long Accepted, long Duplicates, long Invalid)
{
    public static IngestSum operator +(IngestSum one, IngestSum two) =>
        new(one.Accepted + two.Accepted, one.Duplicates + two.Duplicates, one.Invalid + two.Invalid);
}

/// <summary>A burst as whoever wants to act on it sees it.</summary>
/// <param name="Alerts">ECLAIRs alerts heard.</param>
/// <param name="Notices">Types of the notices made, held ones too.</param>
public sealed record KnownBurst(string Id, int Alerts, IReadOnlyList<string> Notices);

/// <summary>
/// The platform's HTTP door. It may be overloaded, killed or restarted at any time: the same bytes are sent again, so nothing is lost
/// and nothing counts twice.
/// </summary>
public sealed class PlatformClient(HttpClient http, string? token, TimeProvider clock)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(60);
    private int retries;

    /// <summary>How long the platform may stay away before the play gives up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Told once whenever the platform begins to stay away; null tells nobody.</summary>
    public Action<string>? OnAway { get; init; }

    /// <summary>How often a request was sent again.</summary>
    public int Retries => Volatile.Read(ref retries);

    /// <summary>Posts a batch and waits for the answer.</summary>
    /// <exception cref="PlatformException">Refused, or away for longer than <see cref="Patience"/>.</exception>
    public async Task<IngestSum> SendAsync(ReceptionBatch batch, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(
            () => new(HttpMethod.Post, "api/v1/packets")
            {
                Content = new ReadOnlyMemoryContent(batch.Octets) { Headers = { ContentType = new(ReceptionBatch.ContentType) } },
            },
            cancellationToken);
        var sum = answer.RootElement;
        return new(Count(sum, "accepted"), Count(sum, "duplicates"), Count(sum, "invalid"));
    }

    /// <summary>The burst of an Observation ID in a session, or the live one; null when the platform knows none. A rehearsal of the same facts has the same Observation ID.</summary>
    public async Task<KnownBurst?> FindBurstAsync(uint observationId, string? session, CancellationToken cancellationToken)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"api/v1/bursts?observation={observationId}{(session is null ? "" : $"&session={session}")}");
        using var answer = await AskAsync(() => new(HttpMethod.Get, query), cancellationToken);
        return answer.RootElement.TryGetProperty("items", out var items)
            ? items.EnumerateArray().Where(burst => SessionOf(burst) == session).Select(Read).FirstOrDefault()
            : null;
    }

    /// <summary>Acts on a burst; the key makes a repeat harmless.</summary>
    public async Task ActAsync(string burst, string act, object body, string idempotencyKey, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web);
        using var answer = await AskAsync(
            () => new(HttpMethod.Post, $"api/v1/bursts/{Uri.EscapeDataString(burst)}/{act}")
            {
                Headers = { { "Idempotency-Key", idempotencyKey } },
                Content = new ByteArrayContent(json) { Headers = { ContentType = new("application/json") } },
            },
            cancellationToken);
    }

    private static KnownBurst Read(JsonElement burst) => new(
        burst.GetProperty("id").GetString()!,
        burst.TryGetProperty("completeness", out var rows)
            ? rows.EnumerateArray().Where(static row => row.GetProperty("kind").GetString() == "eclairs-alert").Sum(static row => row.GetProperty("heard").GetInt32()) : 0,
        burst.TryGetProperty("notices", out var notices) ? [.. notices.EnumerateArray().Select(static notice => notice.GetProperty("type").GetString()!)] : []);

    private static string? SessionOf(JsonElement burst) => burst.TryGetProperty("session", out var session) ? session.GetString() : null;

    private static long Count(JsonElement sum, string name) => sum.TryGetProperty(name, out var count) ? count.GetInt64() : 0;

    private async Task<JsonDocument> AskAsync(Func<HttpRequestMessage> ask, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var (answer, pause, reason) = await TryAsync(ask, attempt, cancellationToken);
            if (answer is not null)
            {
                return answer;
            }

            if (clock.GetElapsedTime(began) + pause > Patience)
            {
                throw new PlatformException(string.Create(CultureInfo.InvariantCulture, $"The platform at {http.BaseAddress} did not answer within {Patience.TotalSeconds:F0} s: {reason}"));
            }

            Interlocked.Increment(ref retries);
            if (attempt == 0)
            {
                OnAway?.Invoke($"{http.BaseAddress} does not answer, asking again: {reason}");
            }

            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private async Task<(JsonDocument? Answer, TimeSpan Pause, string Reason)> TryAsync(Func<HttpRequestMessage> ask, int attempt, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(Math.Min(100 * Math.Pow(2, attempt), LongestPause.TotalMilliseconds));
        using var request = ask();
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return (body.Length == 0 ? JsonDocument.Parse("{}") : JsonDocument.Parse(body), default, string.Empty);
            }

            var said = $"{(int)response.StatusCode} {response.ReasonPhrase} {System.Text.Encoding.UTF8.GetString(body)}".Trim();
            return IsPassing(response.StatusCode)
                ? (null, RetryAfter(response) ?? pause, said)
                : throw new PlatformException($"{request.Method} {request.RequestUri} was refused: {said}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Cut off in the middle, an answer says nothing about what was stored: ask the same again.
            return (null, pause, error.Message);
        }
    }

    private static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.InternalServerError
            or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - clock.GetUtcNow()) : null;
        return after is not { } wait ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestRetryAfter ? LongestRetryAfter : wait;
    }
}
