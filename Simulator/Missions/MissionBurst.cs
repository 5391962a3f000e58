namespace Svom.Simulation;

/// <summary>A burst of a mission.</summary>
/// <param name="Kind">Which story, for example <c>full</c>.</param>
/// <param name="Scenario">Told at its own time, over the place where the satellite is then.</param>
/// <param name="Notices">Types of the notices that follow when every fact is heard, in order of their names; <c>held</c> behind one that is made and not sent.</param>
public sealed record MissionBurst(string Kind, Scenario Scenario, IReadOnlyList<string> Notices)
{
    internal static readonly TimeSpan Before = TimeSpan.FromMinutes(1);

    /// <summary>By which the platform is asked for it.</summary>
    public uint Observation => Scenario.Eclairs is not null ? ObservationIds.Eclairs(Scenario) : ObservationIds.Grm(Scenario);

    /// <summary>T0 of what triggered first.</summary>
    public DateTimeOffset T0 => Scenario.Grm?.T0 ?? Scenario.Eclairs!.T0;

    internal IReadOnlyList<OutgoingPacket> Facts { get; } = FactPackets.Of(Scenario);

    internal IReadOnlyList<PlannedAct> Acts { get; } = ScenarioPlan.Acts(Scenario);

    /// <summary>The satellite points, and its instruments run, for this burst from then on.</summary>
    internal DateTimeOffset Begins => Facts[0].SentAt - Before;

    /// <summary>The last thing that is told of it or done about it.</summary>
    internal DateTimeOffset Ends => Facts.Select(static fact => fact.OnAir).Concat(Acts.Select(static act => act.At)).Max();
}
