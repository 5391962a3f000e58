using System.Collections.Concurrent;
using Svom.Monitoring;
using Svom.Outcomes;
using Svom.Stations;

namespace Svom.Contracts.Gateway;

/// <summary>A made-up network that a test changes while it is watched.</summary>
internal sealed class ChangingNetwork : IStationQueryGrain, IAlarmQueryGrain
{
    private const int EachPage = 2; // Fewer than were asked for: a reader has to go on.
    private int reads;

    public ConcurrentDictionary<string, StationView> Stations { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, AlarmView> Alarms { get; } = new(StringComparer.Ordinal);

    /// <summary>First pages that were read.</summary>
    public int Reads => Volatile.Read(ref reads);

    /// <summary>Thrown by the next reads; null: nothing is.</summary>
    public Exception? Fault { get; set; }

    public void PutInto(FakeGrains grains)
    {
        grains.Put<IStationQueryGrain>(_ => this);
        grains.Put<IAlarmQueryGrain>(_ => this);
    }

    public Task<Outcome<Page<StationView>>> FindAsync(StationSearch search, CancellationToken cancellationToken) =>
        PageAsync(Stations.Values.Select(station => station with { Session = search.Session }).OrderBy(static station => station.Id, StringComparer.Ordinal), search.Cursor);

    public Task<Outcome<Page<AlarmView>>> FindAsync(AlarmSearch search, CancellationToken cancellationToken) =>
        PageAsync(Alarms.Values.OrderByDescending(static alarm => alarm.Updated), search.Cursor);

    public Task<Outcome<StationView>> GetAsync(string id, string? session, CancellationToken cancellationToken) => throw new NotSupportedException();

    private Task<Outcome<Page<T>>> PageAsync<T>(IEnumerable<T> all, string? cursor)
    {
        if (cursor is null)
        {
            Interlocked.Increment(ref reads);
        }

        var from = cursor is null ? 0 : int.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture);
        var rest = all.Skip(from).ToArray();
        return Fault is { } fault ? Task.FromException<Outcome<Page<T>>>(fault) : Task.FromResult<Outcome<Page<T>>>(new Page<T>(
            [.. rest.Take(EachPage)], rest.Length > EachPage ? (from + EachPage).ToString(System.Globalization.CultureInfo.InvariantCulture) : null));
    }
}
