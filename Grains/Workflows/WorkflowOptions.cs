using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Svom.Workflows;

/// <summary>Settings under <c>Svom:Workflows</c>.</summary>
public sealed class WorkflowOptions
{
    public const string Section = "Svom:Workflows";

    /// <summary>A payload of more octets than this, metadata included, lies in the content store; the history keeps a reference. Default: 64 KiB.</summary>
    [Range(1 << 10, 8 << 20)]
    public int LargePayload { get; set; } = 64 << 10;
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
public sealed partial class WorkflowOptionsValidator : IValidateOptions<WorkflowOptions>;
