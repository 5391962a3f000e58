using System.Globalization;
using System.Text.Json;

namespace Svom.Demo;

/// <summary>Tells which messages of several packets came together, as anybody reads it at the door.</summary>
internal static class MessagesTeller
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="expected">Messages that have to be complete; null: any will do.</param>
    /// <returns>True when as many as expected are complete.</returns>
    public static async Task<bool> TellAsync(
        HttpClient door, string session, int? expected, TimeSpan patience, Narrator narrator, CancellationToken cancellationToken)
    {
        narrator.Title("Messages put together");
        var messages = await ReadAsync(door, session, expected, patience, cancellationToken);
        foreach (var message in messages)
        {
            narrator.Platform(message.LastSent, message.Text);
        }

        var complete = messages.Count(static message => message.Complete);
        var fits = expected is null || complete == expected;
        if (expected is not null || messages.Count > 0)
        {
            narrator.Verdict(fits, string.Create(
                CultureInfo.InvariantCulture, $"{complete} of {messages.Count} messages are complete{(fits ? "" : $", {expected} should be")}"));
        }

        return fits;
    }

    private static async Task<List<Told>> ReadAsync(HttpClient door, string session, int? expected, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var told = new List<Told>();
            using var bursts = JsonDocument.Parse(await door.GetStringAsync(new Uri($"/api/v1/bursts?session={session}", UriKind.Relative), cancellationToken));
            foreach (var burst in bursts.RootElement.GetProperty("items").EnumerateArray())
            {
                using var list = JsonDocument.Parse(await door.GetStringAsync(
                    new Uri($"/api/v1/bursts/{burst.GetProperty("id").GetString()}/messages", UriKind.Relative), cancellationToken));
                told.AddRange(list.RootElement.GetProperty("items").EnumerateArray().Select(Told.Read));
            }

            if (!(told.Count(static message => message.Complete) < expected) || TimeProvider.System.GetElapsedTime(began) > patience)
            {
                return told;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>A message as the door shows it.</summary>
    private sealed record Told(DateTimeOffset LastSent, bool Complete, string Text)
    {
        public static Told Read(JsonElement message)
        {
            var state = message.GetProperty("state").GetString();
            var missing = message.GetProperty("missing").EnumerateArray().Select(static part => part.GetInt32()).ToArray();
            return new(
                message.GetProperty("lastSent").GetDateTimeOffset(), state == "complete",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{message.GetProperty("kind").GetString()} {message.GetProperty("number").GetInt32()}: {message.GetProperty("have").GetInt32()} of {message.GetProperty("expected").GetInt32()} parts, {state}{(missing.Length == 0 ? "" : $", without {string.Join(", ", missing)}")}"));
        }
    }
}
