using Svom.Monitoring;
using Svom.Outcomes;
using Svom.Stations;

namespace Svom.Contracts.Gateway;

/// <summary>A made-up network of one station.</summary>
internal sealed class OneStation : IStationQueryGrain
{
    public static readonly DateTimeOffset Time = new(2026, 3, 1, 4, 13, 22, 7, TimeSpan.Zero);

    private static readonly StationView View = new(
        "NCL1", null, StationStatus.Silent, new("Nouméa", 166.4, -22.3, 30, "keeper", "ncl1@example.org", new(2021, 6, 1)),
        new(100, 90, 10, 2, Time, 2.5, 4, 60, 0.1, 0.99, 0.25, 200, 80), new(Time, Time.AddMinutes(5), Time.AddMinutes(10), 63.4), ["silent-station.NCL1"]);

    public Task<Outcome<Page<StationView>>> FindAsync(StationSearch search, CancellationToken cancellationToken) => Task.FromResult<Outcome<Page<StationView>>>(
        search.Cursor is "bad" ? new Refusal(RefusalCode.Invalid, "The cursor is none of this list's.")
        : search.Status is StationStatus.NeverHeard ? new Page<StationView>([], null) : new Page<StationView>([View], null));

    public Task<Outcome<StationView>> GetAsync(string id, string? session, CancellationToken cancellationToken) => Task.FromResult<Outcome<StationView>>(
        id is not "NCL1" ? new Refusal(RefusalCode.NotFound, "There is no such station.")
        : session is null ? View : View with { Session = session, Listed = null, Status = StationStatus.Unlisted, Counts = StationCounts.None, NextPass = null, Alarms = default });
}

/// <summary>A made-up alarm, which remembers in its answers what it was told.</summary>
internal sealed class OneAlarm(string id) : IAlarmQueryGrain, IAlarmGrain
{
    public const string Id = "silent-station.NCL1";

    private static readonly AlarmView View = new(
        Id, "silent-station", "NCL1", AlarmState.ReturnedUnacknowledged, false, AlarmPriority.Medium, "NCL1 does not hear.", OneStation.Time, "missed 5", "Ask its owner.",
        OneStation.Time, OneStation.Time.AddMinutes(3), 2, null, null, null, null, null, null, OneStation.Time, 7);

    public Task<Outcome<Page<AlarmView>>> FindAsync(AlarmSearch search, CancellationToken cancellationToken) => Task.FromResult<Outcome<Page<AlarmView>>>(
        search.Cursor is "bad" ? new Refusal(RefusalCode.Invalid, "The cursor is none of this list's.")
        : new Page<AlarmView>(search.State is null or AlarmState.ReturnedUnacknowledged ? [View] : [], null));

    public Task<Outcome<AlarmView>> GetAsync(CancellationToken cancellationToken) => Answer(View);

    public Task<Outcome<AlarmView>> AcknowledgeAsync(string who, string? reason, CancellationToken cancellationToken) =>
        Answer(View with { State = AlarmState.Normal, AcknowledgedBy = who, AcknowledgeReason = reason });

    public Task<Outcome<AlarmView>> ShelveAsync(string who, DateTimeOffset until, string reason, CancellationToken cancellationToken) =>
        Answer(View with { State = AlarmState.Shelved, ShelvedBy = who, ShelvedUntil = until, ShelveReason = reason });

    public Task<Outcome<AlarmView>> UnshelveAsync(string who, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<AlarmView>>(new Refusal(RefusalCode.NotPossibleNow, "The alarm is not shelved."));

    private Task<Outcome<AlarmView>> Answer(AlarmView view) => Task.FromResult<Outcome<AlarmView>>(id == Id ? view : new Refusal(RefusalCode.NotFound, "There is no such alarm."));
}
