using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Svom.Packets;

namespace Svom.Bursts;

/// <summary>Compares a burst as it was recorded with the same burst decided again. Pure.</summary>
internal static class BurstComparison
{
    /// <summary>Where a burst stands, in words that two runs can be compared by.</summary>
    public static string State(BurstState state) => string.Join(", ", new[]
    {
        state.Status.ToString().ToLowerInvariant(),
        state.Validated,
        state.Classification is { } word ? $"class {word}" : null,
        state.Fired.IsEmpty ? null : $"fired {string.Join(" ", state.Fired.Order())}",
        state.Related.IsEmpty ? null : $"related to {string.Join(" ", state.Related.Order(StringComparer.Ordinal))}",
    }.Where(static part => part is not null));

    /// <summary>A burst as a report shows it.</summary>
    /// <param name="recorded">Its notices as they were recorded: one that is none of them is spelt out.</param>
    public static ReplayedBurst Result(BurstState state, IEnumerable<NoticeMade> notices, IEnumerable<NoticeMade> recorded, bool exact)
    {
        var known = recorded.Select(static notice => notice.Id).ToHashSet(StringComparer.Ordinal);
        return new(state.Id, State(state), [.. notices.Select(notice => Result(notice, exact, known.Contains(notice.Id)))]);
    }

    /// <summary>Differences between the notices of two runs of a burst.</summary>
    /// <param name="exact">True: byte for byte and in order. False: by what they say, without the time of decision.</param>
    public static IEnumerable<ReplayDifference> Notices(string burst, IReadOnlyList<NoticeMade> recorded, IReadOnlyList<NoticeMade> again, bool exact)
    {
        var known = again.ToDictionary(static notice => notice.Id, StringComparer.Ordinal);
        foreach (var was in recorded)
        {
            if (!known.Remove(was.Id, out var now))
            {
                yield return new(burst, was.Id, "notice", Word(was), null, $"{burst}: notice {was.Id} was {Word(was)} and is not made now");
            }
            else
            {
                foreach (var difference in Fields(burst, was, now, exact))
                {
                    yield return difference;
                }
            }
        }

        foreach (var now in known.Values)
        {
            yield return new(burst, now.Id, "notice", null, Word(now), $"{burst}: notice {now.Id} is {Word(now)} now and was not made");
        }

        if (exact && known.Count == 0 && recorded.Count == again.Count && !recorded.Select(static notice => notice.Id).SequenceEqual(again.Select(static notice => notice.Id), StringComparer.Ordinal))
        {
            yield return new(burst, null, "order", string.Join(" ", recorded.Select(static notice => notice.Id)), string.Join(" ", again.Select(static notice => notice.Id)), $"{burst}: the notices are made in another order");
        }
    }

    /// <summary>Where a burst stands otherwise.</summary>
    public static IEnumerable<ReplayDifference> States(BurstState recorded, BurstState again)
    {
        var (was, now) = (State(recorded), State(again));
        if (was != now)
        {
            yield return new(recorded.Id, null, "state", was, now, $"{recorded.Id}: stands as {now}, recorded {was}");
        }
    }

    private static IEnumerable<ReplayDifference> Fields(string burst, NoticeMade was, NoticeMade now, bool exact)
    {
        if ((was.Sent, was.HeldBecause, was.Xml, was.Json) == (now.Sent, now.HeldBecause, now.Xml, now.Json))
        {
            yield break;
        }

        var (before, after, some) = (NoticeFields.Of(was, exact), NoticeFields.Of(now, exact), false);
        foreach (var field in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (old, fresh) = (before.GetValueOrDefault(field), after.GetValueOrDefault(field));
            if (old != fresh)
            {
                some = true;
                yield return new(burst, was.Id, field, old, fresh, $"{burst}: notice {was.Id}, {field} is {fresh ?? "absent"}, recorded {old ?? "absent"}");
            }
        }

        if (exact && !some)
        {
            yield return new(burst, was.Id, "bytes", was.XmlSha256, now.XmlSha256, $"{burst}: notice {was.Id} says the same with other bytes");
        }
    }

    private static string Word(NoticeMade notice) => notice.Sent ? "sent" : "held";

    private static ReplayedNotice Result(NoticeMade notice, bool exact, bool known)
    {
        if (exact && known)
        {
            return new(notice.Id, notice.Sent, notice.XmlSha256, notice.JsonSha256);
        }

        var fields = NoticeFields.Of(notice, exact);
        var parts = fields.ToLookup(static field => field.Key.StartsWith("json/", StringComparison.Ordinal));
        return new(
            notice.Id, notice.Sent, exact ? notice.XmlSha256 : Digest(parts[false]), exact ? notice.JsonSha256 : Digest(parts[true]),
            known ? null : fields.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    private static string Digest(IEnumerable<KeyValuePair<string, string>> fields) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', fields.Select(static field => $"{field.Key}={field.Value}")))));
}
