using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Svom.EndToEnd;

/// <summary>A notice as the archive lists it.</summary>
/// <param name="Kind">Type with quality, as it stands in ids.</param>
/// <param name="Settled">Held, or out.</param>
internal sealed record SeenNotice(long Sequence, string Id, string Burst, string Kind, string State, bool Settled)
{
    public static SeenNotice Read(JsonElement notice)
    {
        var (id, state) = (notice.GetProperty("id").GetString()!, notice.GetProperty("state").GetString()!);
        var published = notice.TryGetProperty("published", out var at) && at.ValueKind == JsonValueKind.String;
        return new(
            notice.GetProperty("sequence").GetInt64(), id, notice.GetProperty("burst").GetString()!, id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..], state,
            state == "held" || published);
    }
}

/// <summary>Bursts and notices of a platform, as anybody reads them at its REST door.</summary>
internal sealed class PlatformArchive(HttpClient door)
{
    private const int StillPolls = 15;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>All notices, in the order of the archive.</summary>
    public async Task<ImmutableArray<SeenNotice>> NoticesAsync()
    {
        var seen = ImmutableArray.CreateBuilder<SeenNotice>();
        for (var after = 0L; ;)
        {
            using var page = await JsonAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/notices?after={after}&limit=1000"));
            var items = page.RootElement.GetProperty("items").EnumerateArray().Select(SeenNotice.Read).ToList();
            if (items.Count == 0)
            {
                return seen.ToImmutable();
            }

            seen.AddRange(items);
            after = items[^1].Sequence;
        }
    }

    /// <summary>All bursts, each as <c>GET /bursts/{id}</c> says it.</summary>
    public async Task<ImmutableArray<JsonElement>> BurstsAsync(string filter = "")
    {
        using var page = await JsonAsync($"/api/v1/bursts?limit=1000{filter}");
        return [.. page.RootElement.GetProperty("items").EnumerateArray().Select(static burst => burst.Clone())];
    }

    /// <summary>Exact bytes of one form of a notice: <c>.xml</c>, <c>.json</c> or <c>.envelope.json</c>.</summary>
    public Task<byte[]> BytesAsync(string notice, string suffix) => door.GetByteArrayAsync(new Uri($"/api/v1/notices/{notice}{suffix}", UriKind.Relative));

    /// <summary>
    /// Waits until what is wanted is there and the platform has come to rest: every notice settled, and neither the archive nor a burst
    /// changed during fifteen looks. There is no other sign from outside that nothing more will come.
    /// </summary>
    public async Task<ImmutableArray<SeenNotice>> AtRestAsync(Func<ImmutableArray<SeenNotice>, bool>? wanted = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        var (last, still) = (string.Empty, 0);
        while (true)
        {
            var notices = await NoticesAsync();
            var now = string.Join(' ', notices) + string.Join(' ', (await BurstsAsync()).Select(static burst => $"{burst.GetProperty("id")}/{burst.GetProperty("version")}"));
            still = now == last ? still + 1 : 0;
            last = now;
            var late = TimeProvider.System.GetElapsedTime(began) > Patience;
            if (late || (still >= StillPolls && notices.All(static notice => notice.Settled) && (wanted?.Invoke(notices) ?? true)))
            {
                return notices; // After the patience as it stands: the caller's checks say what is missing.
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>What became of every burst, without what depends on how packets came together in commits; once it has come to rest.</summary>
    public async Task<string> FollowThroughAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var (last, still) = (string.Empty, 0); ;)
        {
            var lines = new List<string>();
            foreach (var burst in await BurstsAsync())
            {
                lines.Add(await FollowThroughAsync(burst.GetProperty("id").GetString()!));
            }

            var now = string.Join('\n', lines);
            still = now == last ? still + 1 : 0;
            last = now;
            if (still >= StillPolls || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                return now;
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private async Task<string> FollowThroughAsync(string burst)
    {
        using var answer = await door.GetAsync(new Uri($"/api/v1/bursts/{burst}/follow-through", UriKind.Relative));
        using var told = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        var said = told.RootElement;
        return answer.IsSuccessStatusCode
            ? string.Join(' ', new[] { "burst", "phase", "steps", "acts", "classification", "acknowledgedBy", "ended" }.Select(property => $"{property} {said.GetProperty(property).GetRawText()}"))
            : $"burst {burst}: {said.GetProperty("detail")}";
    }

    private async Task<JsonDocument> JsonAsync(string address) => JsonDocument.Parse(await door.GetByteArrayAsync(new Uri(address, UriKind.Relative)));
}
