using Svom.Packets;

namespace Svom.Stations;

/// <summary>Counts a piece of the log by station.</summary>
/// <param name="lateAfter">A delay above it is late.</param>
internal sealed class StationBook(TimeSpan lateAfter)
{
    /// <summary>What is older than this comes from an archive, not over a slow line.</summary>
    private static readonly TimeSpan Backfill = TimeSpan.FromDays(1);

    private readonly Dictionary<string, Page> pages = new(StringComparer.Ordinal);

    public Page this[string station] => pages.TryGetValue(station, out var page) ? page : pages[station] = new();

    public IEnumerable<(string Station, Page Page)> Pages => pages.Select(static entry => (entry.Key, entry.Value));

    /// <summary>Counts what a reception says by itself.</summary>
    public Page Count(LoggedReception reception)
    {
        var page = this[reception.Station];
        page.Receptions++;
        page.LastHeard = page.LastHeard > reception.StoredAt ? page.LastHeard : reception.StoredAt;
        page.Broken += reception.Verdict is ReceptionVerdict.BadCrc or ReceptionVerdict.WrongLength ? 1 : 0;
        if (reception.Header is { } header)
        {
            var delay = reception.StoredAt - header.PacketTime;
            page.Valid++;
            page.Firsts += reception.FirstCopy ? 1 : 0;
            page.Late += delay > lateAfter && delay < Backfill ? 1 : 0;
            page.Prompt += delay <= lateAfter ? 1 : 0;
            page.Delays[DelayHistogram.StepOf(delay)]++;
        }

        return page;
    }

    /// <summary>One station's counts.</summary>
    internal sealed class Page
    {
        public DateTimeOffset? LastHeard { get; set; }

        public long Receptions { get; set; }

        public long Valid { get; set; }

        public long Broken { get; set; }

        public long Late { get; set; }

        public long Prompt { get; set; }

        public long Repeats { get; set; }

        public long Firsts { get; set; }

        public long Judged { get; set; }

        public long Agreed { get; set; }

        public long Expected { get; set; }

        public long HeardOfExpected { get; set; }

        public long[] Delays { get; } = DelayHistogram.NewSteps();

        public StationDelta ToDelta(long upTo) => new(
            upTo, LastHeard, Receptions, Valid, Broken, Repeats, Firsts, Judged, Agreed, Expected, HeardOfExpected, DelayHistogram.Of(Delays));
    }
}
