using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Svom.Outcomes;

namespace Svom.Monitoring;

/// <summary>What happened to an alarm.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(Told), "told")]
[JsonDerivedType(typeof(Acknowledged), "acknowledged")]
[JsonDerivedType(typeof(Shelved), "shelved")]
[JsonDerivedType(typeof(Unshelved), "unshelved")]
internal abstract record AlarmRecord(DateTimeOffset At)
{
    /// <summary>A watch said that it is wrong, or right again.</summary>
    internal sealed record Told(DateTimeOffset At, string Source, long Version, AlarmMessage Message) : AlarmRecord(At);

    /// <summary>A person knows.</summary>
    internal sealed record Acknowledged(DateTimeOffset At, string Who, string? Reason) : AlarmRecord(At);

    /// <summary>A person put it out of sight.</summary>
    internal sealed record Shelved(DateTimeOffset At, string Who, DateTimeOffset Until, string Reason) : AlarmRecord(At);

    /// <summary>It is in sight again.</summary>
    /// <param name="Who">Null: its time had come.</param>
    internal sealed record Unshelved(DateTimeOffset At, string? Who) : AlarmRecord(At);
}

/// <summary>An alarm's life.</summary>
/// <param name="Shelf">Null: not shelved.</param>
/// <param name="Seen">Version of the last message, by its source.</param>
internal sealed record AlarmLife(
    AlarmMessage? Raised, bool Active, DateTimeOffset? Returned, int Occurrences, AlarmRecord.Acknowledged? Acknowledgement, AlarmRecord.Shelved? Shelf,
    DateTimeOffset Updated, ImmutableDictionary<string, long> Seen)
{
    public static readonly AlarmLife Unborn = new(null, Active: false, null, 0, null, null, default, ImmutableDictionary<string, long>.Empty);

    public AlarmState State =>
        Shelf is not null ? AlarmState.Shelved
        : Active ? Acknowledgement is null ? AlarmState.Unacknowledged : AlarmState.Acknowledged
        : Acknowledgement is null && Raised is not null ? AlarmState.ReturnedUnacknowledged : AlarmState.Normal;

    public AlarmView ToView(long version) => new(
        Raised!.Id, Raised.Kind, Raised.Station, State, Active, Raised.Priority, Raised.What, Raised.Since, Raised.Evidence, Raised.Action, Raised.At, Returned, Occurrences,
        Acknowledgement?.Who, Acknowledgement?.At, Acknowledgement?.Reason, Shelf?.Until, Shelf?.Who, Shelf?.Reason, Updated, version);
}

/// <summary>Rules of an alarm's life, after ANSI/ISA-18.2. Pure.</summary>
internal static class AlarmRules
{
    /// <summary>Nothing is put out of sight for longer: who still knows of it then?</summary>
    public static readonly TimeSpan LongestShelving = TimeSpan.FromDays(30);

    /// <returns>The news that are none of before.</returns>
    public static IReadOnlyList<AlarmRecord> Tell(AlarmLife life, IEnumerable<AlarmNews> news, DateTimeOffset now)
    {
        var records = new List<AlarmRecord>();
        foreach (var one in news)
        {
            var told = new AlarmRecord.Told(now, one.Source, one.Version, one.Message);
            if (one.Version > life.Seen.GetValueOrDefault(one.Source))
            {
                records.Add(told);
                life = Apply(life, told);
            }
        }

        return records;
    }

    public static (AlarmRecord? Record, Refusal? Refusal) Acknowledge(AlarmLife life, string who, string? reason, DateTimeOffset now) =>
        life.Raised is null ? (null, Unknown)
        : life.Acknowledgement is not null ? (null, null)
        : (new AlarmRecord.Acknowledged(now, who, reason), null);

    public static (AlarmRecord? Record, Refusal? Refusal) Shelve(AlarmLife life, string who, DateTimeOffset until, string reason, DateTimeOffset now) =>
        life.Raised is null ? (null, Unknown)
        : until <= now ? (null, new(RefusalCode.Invalid, "The shelving must end in the future."))
        : until > now + LongestShelving ? (null, new(RefusalCode.Invalid, $"An alarm is shelved for {LongestShelving.TotalDays} days at most."))
        : (new AlarmRecord.Shelved(now, who, until, reason), null);

    public static (AlarmRecord? Record, Refusal? Refusal) Unshelve(AlarmLife life, string who, DateTimeOffset now) =>
        life.Raised is null ? (null, Unknown)
        : life.Shelf is null ? (null, new(RefusalCode.NotPossibleNow, "The alarm is not shelved."))
        : (new AlarmRecord.Unshelved(now, who), null);

    /// <summary>The time of its shelving may have come.</summary>
    public static AlarmRecord? Wake(AlarmLife life, DateTimeOffset now) => life.Shelf is { } shelf && shelf.Until <= now ? new AlarmRecord.Unshelved(now, null) : null;

    public static AlarmLife Apply(AlarmLife life, AlarmRecord record) => (record switch
    {
        AlarmRecord.Told { Message: { Raised: true } message } => life with
        {
            Raised = message,
            Active = true,
            Returned = null,
            Occurrences = life.Occurrences + 1,
            Acknowledgement = null, // What was known of was another time.
        },
        AlarmRecord.Told { Message: var message } => life.Raised is null ? life : life with { Active = false, Returned = message.At },
        AlarmRecord.Acknowledged acknowledged => life with { Acknowledgement = acknowledged },
        AlarmRecord.Shelved shelved => life with { Shelf = shelved },
        AlarmRecord.Unshelved => life with { Shelf = null },
        _ => life,
    }) with
    {
        Updated = record.At,
        Seen = record is AlarmRecord.Told told ? life.Seen.SetItem(told.Source, told.Version) : life.Seen,
    };

    private static Refusal Unknown => new(RefusalCode.NotFound, "There is no such alarm: it was never raised.");
}
