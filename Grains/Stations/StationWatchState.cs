using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Svom.EventStore;
using Svom.Monitoring;

namespace Svom.Stations;

/// <summary>What a feed's station watch did. One stream a feed.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(Took), "took")]
[JsonDerivedType(typeof(Checked), "checked")]
internal abstract record WatchRecord
{
    /// <summary>Everything up to a position was counted and is owed to the stations.</summary>
    /// <param name="LastStored">Latest arrival of anything.</param>
    /// <param name="Orbit">The last known orbit, when a newer one came.</param>
    /// <param name="Heard">Listed stations that delivered.</param>
    internal sealed record Took(long UpTo, DateTimeOffset? LastStored, OrbitFix? Orbit, ImmutableArray<HeardStation> Heard) : WatchRecord;

    /// <summary>A check that changed something.</summary>
    /// <param name="At">Wall time.</param>
    /// <param name="Conditions">Conditions as they stand now; one that is at rest again is told once.</param>
    /// <param name="CrcJudged">Stations whose frames were judged: counting begins again.</param>
    /// <param name="DelayJudged">Stations whose delays were judged.</param>
    internal sealed record Checked(
        DateTimeOffset At, ImmutableArray<AlarmCondition> Conditions, ImmutableArray<string> CrcJudged, ImmutableArray<string> DelayJudged) : WatchRecord;
}

/// <summary>What a listed station delivered since it was judged.</summary>
internal sealed record HeardStation(string Station, DateTimeOffset LastHeard, long Receptions, long Broken, long Prompt, long Late);

/// <summary>Where a feed's watch stands.</summary>
/// <param name="Position">Counted up to there.</param>
/// <param name="LastStored">Latest arrival of anything; null: nothing ever came.</param>
/// <param name="Orbit">The last known orbit.</param>
/// <param name="Stations">Listed stations that ever delivered.</param>
/// <param name="Conditions">Those that are not at rest.</param>
internal sealed record WatchState(
    long Position, DateTimeOffset? LastStored, OrbitFix? Orbit, ImmutableDictionary<string, HeardStation> Stations, ImmutableDictionary<string, AlarmCondition> Conditions)
{
    private const int SnapshotEvery = 64;
    private const byte SnapshotVersion = 1;

    public static readonly WatchState Empty = new(0, null, null, ImmutableDictionary<string, HeardStation>.Empty, ImmutableDictionary<string, AlarmCondition>.Empty);

    /// <summary>The watch of a feed, to be loaded.</summary>
    public static EventSourced<WatchState, WatchRecord> Open(IEventStore store, string feed, TimeProvider time) => new(
        store, new($"station-watch/{feed}"), Empty, Apply, new(WatchJson.Default.WatchRecordArray), time,
        SnapshotFormat<WatchState>.Json(WatchJson.Default.WatchState, SnapshotVersion, SnapshotEvery));

    public static WatchState Apply(WatchState state, WatchRecord record) => record switch
    {
        WatchRecord.Took took => state with
        {
            Position = took.UpTo,
            LastStored = took.LastStored ?? state.LastStored,
            Orbit = took.Orbit ?? state.Orbit,
            Stations = state.Stations.SetItems(took.Heard.OrNone().Select(heard => KeyValuePair.Create(heard.Station, Sum(state.Stations.GetValueOrDefault(heard.Station), heard)))),
        },
        WatchRecord.Checked check => state with
        {
            Stations = Judged(Judged(state.Stations, check.CrcJudged, static heard => heard with { Receptions = 0, Broken = 0 }), check.DelayJudged, static heard => heard with { Prompt = 0, Late = 0 }),
            Conditions = state.Conditions.RemoveRange(check.Conditions.OrNone().Where(static condition => condition.AtRest).Select(static condition => condition.Id))
                .SetItems(check.Conditions.OrNone().Where(static condition => !condition.AtRest).Select(static condition => KeyValuePair.Create(condition.Id, condition))),
        },
        _ => state,
    };

    private static ImmutableDictionary<string, HeardStation> Judged(
        ImmutableDictionary<string, HeardStation> stations, ImmutableArray<string> judged, Func<HeardStation, HeardStation> reset) => judged.IsDefaultOrEmpty
        ? stations : stations.SetItems(judged.Where(stations.ContainsKey).Select(station => KeyValuePair.Create(station, reset(stations[station]))));

    private static HeardStation Sum(HeardStation? before, HeardStation more) => before is null ? more : new(
        more.Station, more.LastHeard > before.LastHeard ? more.LastHeard : before.LastHeard, before.Receptions + more.Receptions, before.Broken + more.Broken,
        before.Prompt + more.Prompt, before.Late + more.Late);
}

internal static class WatchArrays
{
    /// <summary>An array that was not written is an empty one.</summary>
    public static ImmutableArray<T> OrNone<T>(this ImmutableArray<T> items) => items.IsDefault ? [] : items;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(WatchRecord[]))]
[JsonSerializable(typeof(WatchState))]
[JsonSerializable(typeof(OrbitFix))]
internal sealed partial class WatchJson : JsonSerializerContext;
