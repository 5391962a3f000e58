using System.Collections.Immutable;

namespace Svom.Packets;

/// <summary>Which bursts of a feed a replay speaks of. What came before them decides with: a replay has it from the records, a re-simulation reads the feed from its beginning.</summary>
internal sealed record ReplayScope(string? Burst = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    /// <summary>The whole feed.</summary>
    public static ReplayScope All { get; } = new();

    /// <summary>Whether a burst is spoken of.</summary>
    /// <param name="firstHeard">Null: nothing of it was ever heard.</param>
    public bool Holds(string burst, DateTimeOffset? firstHeard) =>
        (Burst is null || string.Equals(Burst, burst, StringComparison.Ordinal)) && !(firstHeard < From) && !(firstHeard >= To);
}

/// <summary>Differences on their way into a report: the first thousand, and how many there are.</summary>
internal sealed class ReplayFindings
{
    private const int MostSpeltOut = 200;
    private readonly List<ReplayDifference> differences = [];
    private readonly SortedDictionary<string, ReplayedBurst> results = new(StringComparer.Ordinal);
    private int bursts;
    private int notices;
    private int found;
    private int speltOut;

    public void Add(ReplayDifference difference)
    {
        found++;
        if (differences.Count < ReplayReport.MostDifferences)
        {
            differences.Add(difference);
        }
    }

    public void Add(IEnumerable<ReplayDifference> more)
    {
        foreach (var difference in more)
        {
            Add(difference);
        }
    }

    /// <summary>A burst came out.</summary>
    public void Add(ReplayedBurst burst)
    {
        bursts++;
        notices += burst.Notices.Length;
        results.Add(burst.Id, burst with { Notices = [.. burst.Notices.Select(Shortened)] });
        if (results.Count > ReplayReport.MostResults)
        {
            results.Remove(results.Keys.Last());
        }
    }

    /// <summary>A report is one record: it cannot hold what ten thousand notices say.</summary>
    private ReplayedNotice Shortened(ReplayedNotice notice) => notice.Fields is null || speltOut++ < MostSpeltOut ? notice : notice with { Fields = null };

    public ReplayReport Report(long packets) => new(packets, bursts, notices, [.. differences], found, [.. results.Values]);
}
