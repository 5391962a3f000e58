using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Orleans.Concurrency;
using Svom.EventStore;
using Svom.Outcomes;

namespace Svom.Bursts;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BurstView))]
internal sealed partial class BurstViewJson : JsonSerializerContext;

/// <summary>Finds bursts by the rows that their commits leave.</summary>
[StatelessWorker]
internal sealed class BurstQueryGrain(IEventStore store, FeedCounts counts) : Grain, IBurstQueryGrain
{
    private const int ObservationMost = 1_000;

    public async Task<Outcome<Page<BurstView>>> FindAsync(BurstSearch search, CancellationToken cancellationToken)
    {
        string? before = null;
        if (search.Cursor is { } cursor && (before = Decode(cursor)) is null)
        {
            return new Refusal(RefusalCode.Invalid, "The cursor is none of this list's.");
        }

        if (search.Observation is { } observation)
        {
            var all = await BurstIndex.OfObservationAsync(store, observation, ObservationMost, cancellationToken);
            return await ToPageAsync(all.Where(burst => Matches(burst, search) && (before is null || string.CompareOrdinal(BurstIndex.Key(burst), before) < 0)), search.Limit, cancellationToken);
        }

        var found = new List<BurstView>();
        var from = search.From is { } start ? Stamp(start) : "";
        before ??= search.To is { } end ? Stamp(end) : "~";
        while (found.Count <= search.Limit && await BurstIndex.PageAsync(store, from, before, 200, cancellationToken) is { Count: > 0 } page)
        {
            found.AddRange(page.Select(static row => row.View).Where(burst => Matches(burst, search)));
            before = page[^1].Key;
        }

        return await ToPageAsync(found, search.Limit, cancellationToken);
    }

    private async Task<Outcome<Page<BurstView>>> ToPageAsync(IEnumerable<BurstView> found, int limit, CancellationToken cancellationToken)
    {
        var page = found.Take(limit + 1).ToArray();
        var bursts = ImmutableArray.CreateBuilder<BurstView>(limit);
        foreach (var burst in page.Take(limit))
        {
            bursts.Add(await counts.SettleAsync(burst, cancellationToken));
        }

        return new Page<BurstView>(bursts.ToImmutable(), page.Length <= limit ? null : Convert.ToHexStringLower(Encoding.UTF8.GetBytes(BurstIndex.Key(page[limit - 1]))));
    }

    private static bool Matches(BurstView burst, BurstSearch search) =>
        (search.Status is null || burst.Status == search.Status)
        && (search.Session is null || string.Equals(burst.Session, search.Session, StringComparison.Ordinal))
        && (search.From is null || burst.FirstHeard >= search.From)
        && (search.To is null || burst.FirstHeard < search.To);

    private static string? Decode(string cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromHexString(cursor));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMddHHmmssfffffff", CultureInfo.InvariantCulture);
}
