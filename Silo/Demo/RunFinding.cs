using System.Collections.Immutable;

namespace Svom.Demo;

/// <summary>What a difference between two networks means.</summary>
internal enum Judgement
{
    /// <summary>Something did not arrive, or not in time, and the platform says so.</summary>
    Explained = 0,

    /// <summary>Something was lost, and nothing that the platform says tells it.</summary>
    Unnamed = 1,

    /// <summary>The platform says something that is not so.</summary>
    Wrong = 2,
}

/// <summary>A difference between what two networks led to.</summary>
/// <param name="Burst">As the perfect network knows it; null when it is about none.</param>
/// <param name="Text">One sentence.</param>
internal sealed record RunFinding(Judgement Judgement, string? Burst, string Text);

/// <summary>Packets of one kind of a burst.</summary>
/// <param name="Sent">Distinct ones over the perfect network.</param>
/// <param name="Whole">Heard whole over the rough one.</param>
/// <param name="Recovered">Known from broken copies alone.</param>
/// <param name="Says">What the platform says of those that are lost; empty when none is.</param>
internal sealed record KindTally(string Kind, int Sent, int Whole, int Recovered, string Says)
{
    public int Lost => Sent - Whole - Recovered;
}

/// <summary>How two runs of one story compare.</summary>
/// <param name="Kinds">Packets of bursts, by kind.</param>
internal sealed record RunReport(ImmutableArray<RunFinding> Findings, ImmutableArray<KindTally> Kinds)
{
    /// <summary>True when all that is known is right, and all that is lost is called missing.</summary>
    public bool Good => Findings.All(static finding => finding.Judgement is Judgement.Explained);
}
