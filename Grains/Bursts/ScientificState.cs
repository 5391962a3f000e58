using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Bursts;

/// <summary>
/// What the packets of a burst say together. A pure function of the <em>set</em> of its packets: every slot keeps the greatest of
/// what fits it under a total order, so order, repeats and lateness do not matter. In every slot a plausible packet is greater than one
/// that is not. Bounded: 256 message counts, 16 MXT sources, 64 messages.
/// </summary>
public sealed record ScientificState
{
    private const int MaxSources = 16;
    private const int MaxGrmTimes = 64;
    private const int MaxMxtTimes = 256;
    private const int MaxMessages = 64;

    public static readonly ScientificState Nothing = new();

    /// <summary>ECLAIRs alerts by message count.</summary>
    public ImmutableSortedDictionary<int, EclairsAlert> Alerts { get; init; } = ImmutableSortedDictionary<int, EclairsAlert>.Empty;

    /// <summary>The platform's answer; of contradicting ones the later.</summary>
    public SlewAnswer? Slew { get; init; }

    /// <summary>Earliest plausible GRM trigger, or else the earliest: its T0 is the burst's for GRM.</summary>
    public GrmTrigger? GrmFirst { get; init; }

    /// <summary>Plausible GRM trigger with most detectors, then best SNR.</summary>
    public GrmTrigger? GrmBest { get; init; }

    /// <summary>Best MXT position of each source number.</summary>
    public ImmutableSortedDictionary<int, MxtPosition> Mxt { get; init; } = ImmutableSortedDictionary<int, MxtPosition>.Empty;

    /// <summary>T0s of distinct GRM triggers, the 64 earliest, in Unix milliseconds.</summary>
    public ImmutableSortedSet<long> GrmTimes { get; init; } = [];

    /// <summary>Packet times and sources of distinct MXT packets, the 256 lowest, as milliseconds × 16 + source.</summary>
    public ImmutableSortedSet<long> MxtTimes { get; init; } = [];

    /// <summary>Messages of several packets, by <see cref="MessagePart.Message"/>; the 64 least names.</summary>
    public ImmutableSortedDictionary<string, MessageParts> Messages { get; init; } = ImmutableSortedDictionary.Create<string, MessageParts>(StringComparer.Ordinal);

    /// <summary>Those of <see cref="GrmTimes"/> that only recovered packets told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedSet<long>? GrmRecovered { get; init; }

    /// <summary>Those of <see cref="MxtTimes"/> that only recovered packets told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedSet<long>? MxtRecovered { get; init; }

    /// <summary>Sequence of the ECLAIRs, MXT, slew and VT packets.</summary>
    [JsonIgnore]
    public uint? ObservationId =>
        Alerts.Count > 0 ? Alerts.Values.First().ObservationId : Slew?.ObservationId ?? Mxt.Values.FirstOrDefault()?.ObservationId
            ?? Messages.Values.Where(static message => !MessageRules.IsOfGrm(message.Kind)).Select(static message => (uint?)message.ObservationId).Min();

    /// <summary>The alert with the lowest message count heard.</summary>
    [JsonIgnore]
    public EclairsAlert? FirstAlert => Alerts.Values.FirstOrDefault();

    /// <summary>
    /// The alert with the best SNR; of equal ones the later message. One that is recovered counts like the others as soon as another message vouches
    /// for the sequence; before, and an implausible one always, only when there is no other.
    /// </summary>
    [JsonIgnore]
    public EclairsAlert? BestAlert => Alerts.Values.MaxBy(a => (IsConfirmed(a), a.Trust > 0, a.Snr, a.MessageCount));

    /// <summary>The first alert that asked for a slew.</summary>
    [JsonIgnore]
    public EclairsAlert? FirstSlewRequest => Alerts.Values.FirstOrDefault(static a => a.SlewRequest);

    /// <summary>T0 of the sequence as its first message heard carries it.</summary>
    [JsonIgnore]
    public DateTimeOffset? EclairsT0 => FirstAlert?.SequenceT0;

    [JsonIgnore]
    public DateTimeOffset? GrmT0 => GrmFirst?.T0;

    /// <summary>Best MXT position: most certain first.</summary>
    [JsonIgnore]
    public MxtPosition? BestMxt => Mxt.Values.Aggregate((MxtPosition?)null, static (best, next) => best is null ? next : Greater(best, next, CompareMxt));

    /// <summary>Slew_Status as a notice decided now prints it.</summary>
    [JsonIgnore]
    public string SlewStatus =>
        Slew is { } answer ? answer.Accepted ? SlewStatuses.Accepted : SlewStatuses.Rejected
        : FirstSlewRequest is not null ? SlewStatuses.Requested : SlewStatuses.NotRequested;

    /// <returns>True when an alert was heard whole, or another possible message of the sequence was.</returns>
    public bool IsConfirmed(EclairsAlert alert) =>
        alert.Trust == 2 || (alert.Trust == 1 && Alerts.Values.Any(other => other.MessageCount != alert.MessageCount && other.Trust > 0));

    /// <summary>Adds one piece of evidence.</summary>
    /// <returns>The same instance when it says nothing new.</returns>
    public ScientificState Add(Evidence evidence) => evidence switch
    {
        EclairsAlert alert => WithSlot(Alerts, alert.MessageCount, alert, CompareAlerts) is { } alerts ? this with { Alerts = alerts } : this,
        SlewAnswer answer => Slew is null || CompareAnswers(answer, Slew) > 0 ? this with { Slew = answer } : this,
        GrmTrigger trigger => AddGrm(trigger),
        MxtPosition position when position.Source is >= 0 and < MaxSources => AddMxt(position),
        MessagePart part => AddPart(part),
        _ => this,
    };

    /// <returns>True when this very packet is the one that its slot keeps.</returns>
    public bool Keeps(Evidence evidence) => ReferenceEquals(evidence, evidence switch
    {
        EclairsAlert alert => Alerts.GetValueOrDefault(alert.MessageCount),
        SlewAnswer => Slew,
        GrmTrigger => GrmBest,
        MxtPosition position => Mxt.GetValueOrDefault(position.Source),
        _ => null,
    });

    private ScientificState AddGrm(GrmTrigger trigger)
    {
        var time = trigger.T0.ToUnixTimeMilliseconds();
        var times = Lowest(GrmTimes, time, MaxGrmTimes);
        var recovered = OnlyRecovered(GrmRecovered, GrmTimes, times, time, trigger);
        var first = GrmFirst is null ? trigger : Greater(GrmFirst, trigger, CompareEarlier);
        var best = GrmBest is null ? trigger : Greater(GrmBest, trigger, CompareTriggers);
        return ReferenceEquals(times, GrmTimes) && ReferenceEquals(recovered, GrmRecovered) && ReferenceEquals(first, GrmFirst) && ReferenceEquals(best, GrmBest)
            ? this
            : this with { GrmTimes = times, GrmRecovered = recovered, GrmFirst = first, GrmBest = best };
    }

    private ScientificState AddMxt(MxtPosition position)
    {
        var time = (position.PacketTime.ToUnixTimeMilliseconds() * MaxSources) + position.Source;
        var times = Lowest(MxtTimes, time, MaxMxtTimes);
        var recovered = OnlyRecovered(MxtRecovered, MxtTimes, times, time, position);
        var slot = WithSlot(Mxt, position.Source, position, CompareMxt);
        return ReferenceEquals(times, MxtTimes) && ReferenceEquals(recovered, MxtRecovered) && slot is null
            ? this
            : this with { MxtTimes = times, MxtRecovered = recovered, Mxt = slot ?? Mxt };
    }

    /// <summary>What only recovered packets told, after one more packet: whichever came first, one heard whole takes its time off.</summary>
    private static ImmutableSortedSet<long>? OnlyRecovered(
        ImmutableSortedSet<long>? known, ImmutableSortedSet<long> before, ImmutableSortedSet<long> after, long time, Evidence evidence)
    {
        var next = known ?? [];
        next = !evidence.Recovered ? next.Remove(time) : before.Contains(time) || !after.Contains(time) ? next : next.Add(time);
        next = ReferenceEquals(before, after) ? next : next.Intersect(after);
        return next.SetEquals(known ?? []) ? known : next.IsEmpty ? null : next;
    }

    private ScientificState AddPart(MessagePart part)
    {
        var known = Messages.GetValueOrDefault(part.Message);
        var message = known?.With(part) ?? MessageParts.Begin(part);
        if (ReferenceEquals(message, known))
        {
            return this;
        }

        var messages = Messages.SetItem(part.Message, message);
        if (messages.Count <= MaxMessages)
        {
            return this with { Messages = messages };
        }

        var greatest = messages.Keys.Max(StringComparer.Ordinal)!;
        return string.Equals(greatest, part.Message, StringComparison.Ordinal) ? this : this with { Messages = messages.Remove(greatest) };
    }

    private static ImmutableSortedDictionary<int, T>? WithSlot<T>(ImmutableSortedDictionary<int, T> slots, int key, T value, Comparison<T> order) =>
        slots.TryGetValue(key, out var held) && order(value, held) <= 0 ? null : slots.SetItem(key, value);

    private static ImmutableSortedSet<long> Lowest(ImmutableSortedSet<long> set, long value, int most)
    {
        if (set.Contains(value) || (set.Count == most && value > set.Max))
        {
            return set;
        }

        var grown = set.Add(value);
        return grown.Count > most ? grown.Remove(grown.Max) : grown;
    }

    private static T Greater<T>(T held, T next, Comparison<T> order) => order(next, held) > 0 ? next : held;

    private static int CompareAlerts(EclairsAlert a, EclairsAlert b) =>
        (a.Trust, a.Snr, a.PacketTime, a.SlewRequest).CompareTo((b.Trust, b.Snr, b.PacketTime, b.SlewRequest)) is var order and not 0 ? order : CompareContent(a, b);

    private static int CompareAnswers(SlewAnswer a, SlewAnswer b) =>
        (a.Trust, a.PacketTime, a.Accepted).CompareTo((b.Trust, b.PacketTime, b.Accepted)) is var order and not 0 ? order : CompareContent(a, b);

    private static int CompareEarlier(GrmTrigger a, GrmTrigger b) =>
        (a.Trust, b.T0).CompareTo((b.Trust, a.T0)) is var order and not 0 ? order : CompareTriggers(a, b);

    private static int CompareTriggers(GrmTrigger a, GrmTrigger b) =>
        (a.Trust, a.DetectorCount, a.Snr, b.T0).CompareTo((b.Trust, b.DetectorCount, b.Snr, a.T0)) is var order and not 0 ? order : CompareContent(a, b);

    // A notice needs SNR above the limit: a sharper position below it must not hide one that may be told.
    private static int CompareMxt(MxtPosition a, MxtPosition b) =>
        (a.Trust, a.Snr > MxtRules.LeastSnr, b.StatisticalRadiusArcsec, a.Snr, a.PacketTime)
            .CompareTo((b.Trust, b.Snr > MxtRules.LeastSnr, a.StatisticalRadiusArcsec, b.Snr, b.PacketTime)) is var order and not 0 ? order : CompareContent(a, b);

    // Last resort of every order: the text of the evidence, so that no two different contents are equal.
    private static int CompareContent(Evidence a, Evidence b) =>
        string.CompareOrdinal(JsonSerializer.Serialize(a, BurstJson.Default.Evidence), JsonSerializer.Serialize(b, BurstJson.Default.Evidence));
}
