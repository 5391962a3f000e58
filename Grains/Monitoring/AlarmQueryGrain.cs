using System.Globalization;
using Orleans.Concurrency;
using Svom.EventStore;
using Svom.Outcomes;

namespace Svom.Monitoring;

/// <summary>Finds alarms by the rows that their commits leave.</summary>
[StatelessWorker]
internal sealed class AlarmQueryGrain(IEventStore store) : Grain, IAlarmQueryGrain
{
    public async Task<Outcome<Page<AlarmView>>> FindAsync(AlarmSearch search, CancellationToken cancellationToken)
    {
        if (!TryRead(search.Cursor, out var before))
        {
            return new Refusal(RefusalCode.Invalid, "The cursor is none of this list's.");
        }

        var page = (await AlarmIndex.AllAsync(store, cancellationToken))
            .Where(alarm => search.State is null || alarm.State == search.State)
            .Where(alarm => before is not { } last || Order(alarm).CompareTo(last) < 0)
            .OrderByDescending(Order).Take(search.Limit + 1).ToArray();
        return page.Length <= search.Limit
            ? new Page<AlarmView>([.. page], null)
            : new Page<AlarmView>([.. page.Take(search.Limit)], string.Create(CultureInfo.InvariantCulture, $"{page[search.Limit - 1].Updated.UtcTicks}.{page[search.Limit - 1].Id}"));
    }

    private static (long Ticks, OrdinalText Id) Order(AlarmView alarm) => (alarm.Updated.UtcTicks, new(alarm.Id));

    private static bool TryRead(string? cursor, out (long Ticks, OrdinalText Id)? before)
    {
        before = null;
        if (cursor is null)
        {
            return true;
        }

        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || !long.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
        {
            return false;
        }

        before = (ticks, new(cursor[(dot + 1)..]));
        return true;
    }

    private readonly record struct OrdinalText(string Text) : IComparable<OrdinalText>
    {
        public int CompareTo(OrdinalText other) => string.CompareOrdinal(Text, other.Text);
    }
}
