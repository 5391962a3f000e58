using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Svom.Demo;

/// <summary>Tells what became of the story's bursts, as anybody reads it at the door.</summary>
internal static class FollowThroughTeller
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="expected">Phase in which each burst has to stand; null: any will do.</param>
    /// <returns>True when every burst is followed and stands where the story leaves it.</returns>
    public static async Task<bool> TellAsync(
        HttpClient door, string session, string? expected, TimeSpan patience, Narrator narrator, CancellationToken cancellationToken)
    {
        var good = true;
        narrator.Title("The follow-through");
        using var bursts = JsonDocument.Parse(await door.GetStringAsync(new Uri($"/api/v1/bursts?session={session}", UriKind.Relative), cancellationToken));
        foreach (var burst in bursts.RootElement.GetProperty("items").EnumerateArray().Select(static one => one.GetProperty("id").GetString()!))
        {
            using var summary = await ReadAsync(door, burst, expected, patience, cancellationToken);
            if (summary is null)
            {
                narrator.Verdict(false, $"{burst} is not followed");
                good = false;
                continue;
            }

            foreach (var step in summary.RootElement.GetProperty("steps").EnumerateArray())
            {
                Tell(step, narrator);
            }

            var phase = summary.RootElement.GetProperty("phase").GetString();
            var fits = expected is null || phase == expected;
            var end = summary.RootElement.GetProperty("ended").GetString() is { } why ? $", and it is over: {why}" : ", and goes on until the burst closes";
            narrator.Verdict(fits, fits ? $"the follow-through of {burst} stands at {phase}{end}" : $"the follow-through of {burst} should stand at {expected} and stands at {phase}");
            good &= fits;
        }

        return good;
    }

    private static void Tell(JsonElement step, Narrator narrator)
    {
        var name = step.GetProperty("step").GetString();
        if (step.GetProperty("outcome").GetString() is { } outcome)
        {
            var after = Number(step, "afterSeconds") is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", {seconds:0} s after it was waited for") : "";
            var late = Number(step, "lateSeconds") is { } over ? string.Create(CultureInfo.InvariantCulture, $", {over:0} s late") : "";
            narrator.Platform(Time(step, "at"), $"{name}: {outcome}{after}{late}");
        }
        else
        {
            var until = Time(step, "due") is { } due ? string.Create(CultureInfo.InvariantCulture, $" until {due.UtcDateTime:HH:mm:ss}") : "";
            narrator.Platform(Time(step, "since"), $"{name}: waited for{until}{(step.GetProperty("overdue").GetBoolean() ? ", overdue" : "")}");
        }
    }

    private static double? Number(JsonElement step, string name) => step.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    private static DateTimeOffset? Time(JsonElement step, string name) => step.GetProperty(name) is { ValueKind: JsonValueKind.String } value ? value.GetDateTimeOffset() : null;

    /// <returns>The summary once it stands where it has to, or as it stands when patience ends; null when there is none.</returns>
    private static async Task<JsonDocument?> ReadAsync(HttpClient door, string burst, string? expected, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var answer = await door.GetAsync(new Uri($"/api/v1/bursts/{burst}/follow-through", UriKind.Relative), cancellationToken);
            var summary = answer.StatusCode is HttpStatusCode.OK ? JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken)) : null;
            if ((summary is not null && (expected is null || summary.RootElement.GetProperty("phase").GetString() == expected)) || TimeProvider.System.GetElapsedTime(began) > patience)
            {
                return summary;
            }

            summary?.Dispose();
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
