using System.Globalization;
using System.Text.Json;

namespace Svom.Demo;

/// <summary>
/// Waits until a rehearsal has come to rest: the sequencer has passed all that was stored, every notice is settled, and nothing changed during fifteen looks. There is no other
/// sign from outside that nothing more will come.
/// </summary>
internal sealed class RestWatch(HttpClient door, TimeProvider time)
{
    private const int StillLooks = 15;
    private const string Lag = "svom_feed_lag{";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <returns>False when patience ended first.</returns>
    public async Task<bool> AtRestAsync(string session, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var (last, still) = (string.Empty, 0); ;)
        {
            var (now, settled) = await LookAsync(session, cancellationToken);
            still = settled && now == last ? still + 1 : 0;
            last = now;
            if (still >= StillLooks && !await IsBehindAsync(cancellationToken))
            {
                return true;
            }

            if (time.GetElapsedTime(began) > patience)
            {
                return false;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<(string Now, bool Settled)> LookAsync(string session, CancellationToken cancellationToken)
    {
        var seen = new List<string> { await NewestAsync(session, "", cancellationToken), await NewestAsync(session, "&recovered=true", cancellationToken), await NewestAsync(session, "&invalid=true", cancellationToken) };
        var settled = true;
        using var bursts = await JsonAsync($"/api/v1/bursts?session={session}&limit=1000", cancellationToken);
        foreach (var burst in bursts.RootElement.GetProperty("items").EnumerateArray())
        {
            var id = burst.GetProperty("id").GetString();
            seen.Add($"{id}/{burst.GetProperty("version")}/{await FollowedAsync(id!, cancellationToken)}");
            using var notices = await JsonAsync($"/api/v1/bursts/{id}/notices?limit=1000", cancellationToken);
            settled &= notices.RootElement.GetProperty("items").EnumerateArray()
                .All(static notice => notice.GetProperty("state").GetString() == "held" || notice.GetProperty("published").ValueKind is JsonValueKind.String);
        }

        return (string.Join(' ', seen), settled);
    }

    private async Task<string> NewestAsync(string session, string which, CancellationToken cancellationToken)
    {
        using var page = await JsonAsync($"/api/v1/packets?session={session}{which}&limit=1", cancellationToken);
        return page.RootElement.GetProperty("items").EnumerateArray().Select(static packet => packet.GetProperty("sequence").GetRawText()).FirstOrDefault("none");
    }

    private async Task<string> FollowedAsync(string burst, CancellationToken cancellationToken)
    {
        using var answer = await door.GetAsync(new Uri($"/api/v1/bursts/{burst}/follow-through", UriKind.Relative), cancellationToken);
        using var summary = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        return answer.IsSuccessStatusCode ? summary.RootElement.GetProperty("number").GetRawText() : "none";
    }

    private async Task<bool> IsBehindAsync(CancellationToken cancellationToken) =>
        (await door.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken)).Split('\n')
            .Any(static line => line.StartsWith(Lag, StringComparison.Ordinal) && line.Split(' ') is [_, var value, ..] && double.Parse(value, CultureInfo.InvariantCulture) > 0);

    private async Task<JsonDocument> JsonAsync(string address, CancellationToken cancellationToken) =>
        JsonDocument.Parse(await door.GetByteArrayAsync(new Uri(address, UriKind.Relative), cancellationToken));
}
