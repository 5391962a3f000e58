using System.Collections.Immutable;
using System.Globalization;
using Svom.Packets.Messages;

namespace Svom.Bursts;

/// <summary>What people and programs see of a burst's messages.</summary>
internal static class MessageViews
{
    public static ImmutableArray<BurstMessageView> All(BurstState state, BurstOptions options) =>
        [.. Ordered(state).Select(entry => View(state, entry.Key, entry.Value, options))];

    /// <summary>A message with its payloads; null when no part of it was heard.</summary>
    public static BurstMessageParts? Find(BurstState state, string kind, int number, string? observation, BurstOptions options)
    {
        var found = Ordered(state)
            .Where(entry => string.Equals(entry.Value.Kind, kind, StringComparison.Ordinal) && entry.Value.Number == number
                && (observation is null || string.Equals(observation, Observation(entry.Value), StringComparison.Ordinal)))
            .OrderBy(static entry => entry.Value.FirstSent).ThenBy(static entry => entry.Key, StringComparer.Ordinal).ToArray();
        return found is [var (key, message), ..] ? new(View(state, key, message, options), [.. message.Best.Parts.Values.Select(Convert.FromBase64String)]) : null;
    }

    public static MessageSummary Summary(BurstState state)
    {
        var states = state.Science.Messages.Select(entry => MessageRules.StateOf(entry.Value, state.Messages.GetValueOrDefault(entry.Key))).ToArray();
        return new(
            states.Count(static one => one is MessageState.Open), states.Count(static one => one is MessageState.Complete), states.Count(static one => one is MessageState.Partial),
            state.Science.Messages.Values.Sum(static message => message.Expected), state.Science.Messages.Values.Sum(static message => message.Have),
            state.Science.Messages.Values.Sum(static message => message.Recovered.Length));
    }

    /// <summary>What is missing of each message, in sentences.</summary>
    public static IEnumerable<NoticeExplanation> Explain(BurstState state, BurstOptions options) => All(state, options).Select(static message => new NoticeExplanation(
        string.Create(CultureInfo.InvariantCulture, $"{message.Kind}/{message.Number}"),
        message.State switch { MessageState.Open => "waiting", MessageState.Complete => "complete", _ => "partial" },
        [.. Sentences(message)]));

    /// <summary>A message as a sentence calls it, from its key.</summary>
    public static string Title(string message) =>
        message.Split('/') is [var kind, var number, ..] && MessageKinds.Parse(kind) is { } known ? $"{MessageKinds.Title(known)} {number}" : message;

    private static IEnumerable<string> Sentences(BurstMessageView message)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{message.Have} of {message.Expected} parts are here.");
        if (!message.Missing.IsEmpty)
        {
            yield return message.Missing is [var one] ? string.Create(CultureInfo.InvariantCulture, $"Part {one} is missing.") : $"Parts {Numbers(message.Missing)} are missing.";
        }

        if (!message.Recovered.IsEmpty)
        {
            yield return $"{(message.Recovered.Length == 1 ? "Part" : "Parts")} {Numbers(message.Recovered)} came out of broken copies: nobody heard {(message.Recovered.Length == 1 ? "it" : "them")} whole.";
        }

        if (message.Due is { } due)
        {
            yield return $"Is closed at {NoticeText.Time(due)} if nothing more comes; what comes later still fills it.";
        }

        if (message is { State: MessageState.Partial, ClosedAt: { } closed })
        {
            yield return $"Was closed at {NoticeText.Time(closed)}: {(message.ClosedBecause is MessageProgress.BecauseQuiet ? "no part came any more" : "it took too long")}. What comes later still fills it.";
        }

        if (message.Conflict)
        {
            yield return "Parts contradict each other; what most of them say counts.";
        }
    }

    /// <summary>Runs of part numbers: <c>1, 3 to 5</c>.</summary>
    public static string Numbers(IEnumerable<int> numbers)
    {
        var runs = new List<(int First, int Last)>();
        foreach (var number in numbers)
        {
            if (runs is [.., var (first, last)] && last == number - 1)
            {
                runs[^1] = (first, number);
            }
            else
            {
                runs.Add((number, number));
            }
        }

        return string.Join(", ", runs.Select(static run => run.First == run.Last
            ? run.First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{run.First} to {run.Last}")));
    }

    private static BurstMessageView View(BurstState state, string key, MessageParts message, BurstOptions options)
    {
        var progress = state.Messages.GetValueOrDefault(key);
        return new(
            message.Kind, message.Number, Observation(message), message.Expected, message.Have, message.Missing, MessageRules.StateOf(message, progress), message.Conflict,
            progress?.Version ?? 0, progress?.ClosedAt, progress?.ClosedBecause, MessageRules.Due(state, key, options)?.Due, message.FirstSent, message.LastSent,
            message.Recovered);
    }

    private static IEnumerable<KeyValuePair<string, MessageParts>> Ordered(BurstState state) => state.Science.Messages
        .OrderBy(static entry => entry.Value.Kind, StringComparer.Ordinal).ThenBy(static entry => entry.Value.Number).ThenBy(static entry => entry.Value.ObservationId);

    private static string Observation(MessageParts message) => message.ObservationId.ToString(CultureInfo.InvariantCulture);
}
