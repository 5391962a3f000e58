using Svom.Outcomes;

namespace Svom.Monitoring;

/// <summary>One alarm for one thing that can go wrong, over all times that it did. Key: the alarm id, such as <c>silent-station.NCL1</c>.</summary>
[Alias("svom.alarm")]
public interface IAlarmGrain : IGrainWithStringKey
{
    /// <returns><see cref="RefusalCode.NotFound"/> when it was never raised.</returns>
    [Alias("get")]
    Task<Outcome<AlarmView>> GetAsync(CancellationToken cancellationToken);

    /// <summary>A person knows of it. Again changes nothing.</summary>
    /// <returns><see cref="RefusalCode.NotPossibleNow"/> when there is nothing to know of, <see cref="RefusalCode.NotFound"/> when it was never raised.</returns>
    [Alias("acknowledge")]
    Task<Outcome<AlarmView>> AcknowledgeAsync(string who, string? reason, CancellationToken cancellationToken);

    /// <summary>Out of sight until a time: what happens meanwhile is recorded, and shows when the time has come. Again moves the end.</summary>
    /// <returns><see cref="RefusalCode.Invalid"/> for an end that is past or too far off, <see cref="RefusalCode.NotFound"/> when it was never raised.</returns>
    [Alias("shelve")]
    Task<Outcome<AlarmView>> ShelveAsync(string who, DateTimeOffset until, string reason, CancellationToken cancellationToken);

    /// <summary>Back into sight before its time.</summary>
    /// <returns><see cref="RefusalCode.NotPossibleNow"/> when it is not shelved, <see cref="RefusalCode.NotFound"/> when it was never raised.</returns>
    [Alias("unshelve")]
    Task<Outcome<AlarmView>> UnshelveAsync(string who, CancellationToken cancellationToken);
}

/// <summary>Browses alarms. Stateless; key 0.</summary>
[Alias("svom.alarm-query")]
public interface IAlarmQueryGrain : IGrainWithIntegerKey
{
    /// <summary>A page of alarms, last changed first.</summary>
    /// <returns><see cref="RefusalCode.Invalid"/> for a cursor that is none of ours.</returns>
    [Alias("find")]
    Task<Outcome<Page<AlarmView>>> FindAsync(AlarmSearch search, CancellationToken cancellationToken);
}

/// <summary>What to look for; null: alarms in every state.</summary>
[GenerateSerializer, Immutable, Alias("svom.alarm-search")]
public sealed record AlarmSearch([property: Id(0)] AlarmState? State = null, [property: Id(1)] string? Cursor = null, [property: Id(2)] int Limit = 50);

/// <summary>States of an alarm's life, after ANSI/ISA-18.2. Numbers never change.</summary>
public enum AlarmState
{
    /// <summary>Nothing is wrong, and nobody needs to be told that something was.</summary>
    Normal = 0,

    /// <summary>Something is wrong and nobody said that they know.</summary>
    Unacknowledged = 1,

    /// <summary>Something is wrong and somebody knows.</summary>
    Acknowledged = 2,

    /// <summary>It is right again by itself, and nobody said that they knew.</summary>
    ReturnedUnacknowledged = 3,

    /// <summary>A person put it out of sight until a time.</summary>
    Shelved = 4,
}

/// <summary>How much an alarm matters. Numbers never change.</summary>
public enum AlarmPriority
{
    /// <summary>Look at it when there is time.</summary>
    Low = 1,

    /// <summary>Look at it today.</summary>
    Medium = 2,

    /// <summary>Look at it now: alerts may be missed.</summary>
    High = 3,
}

/// <summary>An alarm as it stands.</summary>
/// <param name="Id">Its id: kind and what it is about.</param>
/// <param name="Kind">silent-station, silent-satellite, crc-failures or late-delivery.</param>
/// <param name="Station">Which station; null when it is about none.</param>
/// <param name="Active">True while it is wrong, whatever people did.</param>
/// <param name="What">One sentence.</param>
/// <param name="Since">Since when it is wrong, or was the last time.</param>
/// <param name="Evidence">What shows it, with numbers.</param>
/// <param name="Action">What to do about it.</param>
/// <param name="Raised">When the alarm was raised the last time.</param>
/// <param name="Returned">When it was right again; null while it is not.</param>
/// <param name="Occurrences">How often it was raised.</param>
/// <param name="AcknowledgedBy">Who knows of this time; null: nobody.</param>
/// <param name="ShelvedUntil">End of its shelving; null: not shelved.</param>
/// <param name="Updated">Last change.</param>
/// <param name="Version">Grows with each change.</param>
[GenerateSerializer, Immutable, Alias("svom.alarm-view")]
public sealed record AlarmView(
    [property: Id(0)] string Id, [property: Id(1)] string Kind, [property: Id(2)] string? Station, [property: Id(3)] AlarmState State, [property: Id(4)] bool Active,
    [property: Id(5)] AlarmPriority Priority, [property: Id(6)] string What, [property: Id(7)] DateTimeOffset Since, [property: Id(8)] string Evidence,
    [property: Id(9)] string Action, [property: Id(10)] DateTimeOffset Raised, [property: Id(11)] DateTimeOffset? Returned, [property: Id(12)] int Occurrences,
    [property: Id(13)] string? AcknowledgedBy, [property: Id(14)] DateTimeOffset? AcknowledgedAt, [property: Id(15)] string? AcknowledgeReason,
    [property: Id(16)] DateTimeOffset? ShelvedUntil, [property: Id(17)] string? ShelvedBy, [property: Id(18)] string? ShelveReason,
    [property: Id(19)] DateTimeOffset Updated, [property: Id(20)] long Version);
