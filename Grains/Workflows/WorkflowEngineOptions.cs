using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Svom.Workflows;

/// <summary>How a silo runs workflows: <c>Svom:Workflows</c>.</summary>
public sealed class WorkflowEngineOptions
{
    public const string Section = "Svom:Workflows";

    /// <summary>Activities that run at once on a silo; further ones wait in the order of their coming. Default: 1,000.</summary>
    [Range(1, 100_000)]
    public int Activities { get; set; } = 1_000;

    /// <summary>Local activities that run at once on a silo. Default: 1,000.</summary>
    [Range(1, 100_000)]
    public int LocalActivities { get; set; } = 1_000;

    /// <summary>Workflows whose code stays in memory between two tasks, the least recently used leave first; the others are replayed when they have news. Default: 2,000.</summary>
    [Range(0, 1_000_000)]
    public int Warm { get; set; } = 2_000;

    /// <summary>A workflow that had no news for this long leaves memory: it costs a row. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan WarmFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Workflows that are taken up at once after a crash, the oldest first. Default: 64.</summary>
    [Range(1, 10_000)]
    public int Recoveries { get; set; } = 64;

    /// <summary>Events from which the code is told to continue as new. Default: 4,096.</summary>
    [Range(10, 1_000_000)]
    public int SuggestContinueAsNew { get; set; } = 4_096;

    /// <summary>A payload of more octets than this, metadata included, lies in the content store; the history keeps a reference. Default: 64 KiB.</summary>
    [Range(1 << 10, 8 << 20)]
    public int LargePayload { get; set; } = 64 << 10;
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
public sealed partial class WorkflowEngineOptionsValidator : IValidateOptions<WorkflowEngineOptions>;
