using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Svom.Bursts;

/// <summary>Settings under <c>Svom:Bursts</c>.</summary>
public sealed class BurstOptions : IValidatableObject
{
    public const string Section = "Svom:Bursts";

    /// <summary>Without a slew request this long after the first alert, not-slewing is said. The mission says eight minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "02:00:00")]
    public TimeSpan SlewDeadline { get; set; } = TimeSpan.FromMinutes(8);

    /// <summary>An alert that is neither accepted nor rejected this long after the first one, by mission time, is overdue: the advocate is alarmed.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ValidationExpected { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Without an MXT position this long after an accepted slew, by mission time, it is overdue: the advocate is alarmed.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan PositionExpected { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>An alert of at least this Alert_Quality (0 to 255) is validated without a person, if its SNR suffices. 256 switches it off.</summary>
    [Range(0, 256)]
    public int AutomaticQuality { get; set; } = 200;

    /// <summary>An alert of at least this SNR is validated without a person, if its quality suffices.</summary>
    [Range(0d, 1_000d)]
    public double AutomaticSnr { get; set; } = 7;

    /// <summary>A message of several packets that gets no part for this long, by mission time, is closed with parts missing.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan MessageQuiet { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A message of several packets is closed this long after its first part, by mission time, or by wall clock when the feed is silent.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan MessageDeadline { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>Evidence older than this, by mission time, makes no notice any more.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan LateAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>A burst closes this long after it was first heard.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "366.00:00:00")]
    public TimeSpan CloseAfter { get; set; } = TimeSpan.FromDays(14);

    /// <summary>GRM and ECLAIRs belong to one burst when their T0s lie this near.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Association { get; set; } = TimeSpan.FromMinutes(6);

    /// <summary>The watermark trails the latest packet time by this.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan WatermarkAllowance { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A packet time further ahead of its reception does not move the watermark.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AheadLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A larger step of the watermark needs a second packet that confirms it.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan JumpLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Sequences older than this, by mission time, are forgotten by the assignment.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "366.00:00:00")]
    public TimeSpan KeepSequences { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Sequences remembered at once, whatever their age.</summary>
    [Range(100, 100_000)]
    public int MostSequences { get; set; } = 10_000;

    /// <summary>Author IVORN of notices, and the stem of their IVORNs.</summary>
    [Required, RegularExpression("ivo://[A-Za-z0-9._/-]{1,100}")]
    public string AuthorIvorn { get; set; } = "ivo://org.svom/fsc";

    /// <summary>Title of the author.</summary>
    [Required, RegularExpression("[^\u0000-\u001F\uD800-\uDFFF\uFFFE\uFFFF]{1,200}")]
    public string AuthorTitle { get; set; } = "SVOM French Science Center";

    /// <summary>Short name of the author: subscribers filter by it.</summary>
    [Required, RegularExpression("[^\u0000-\u001F\uD800-\uDFFF\uFFFE\uFFFF]{1,50}")]
    public string AuthorShortName { get; set; } = "FSC";

    /// <summary>Who answers questions about a notice.</summary>
    [Required, RegularExpression("[^\u0000-\u001F\uD800-\uDFFF\uFFFE\uFFFF]{1,200}")]
    public string ContactName { get; set; } = "SVOM burst advocate";

    /// <summary>Where to write.</summary>
    [Required, RegularExpression("[^\u0000-\u0020\uD800-\uDFFF\uFFFE\uFFFF]{1,200}")]
    public string ContactEmail { get; set; } = "burst-advocate@svom.invalid";

    /// <summary>Ground catalogue: names of sources by their on-board number.</summary>
    public Dictionary<int, string> SourceNames { get; set; } = new() { [81] = "GX 340-00" };

    /// <summary>Names end up in XML: what cannot be written there is refused at the start, not at the first burst.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => SourceNames
        .Where(static s => s.Key < 1 || s.Value is not { Length: > 0 and <= 100 } || s.Value.Any(static c => char.IsControl(c) || char.IsSurrogate(c) || c >= '\uFFFE'))
        .Select(static s => new ValidationResult($"The source name of number {s.Key} needs a number above 0 and 1 to 100 printable characters.", [nameof(SourceNames)]));
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
public sealed partial class BurstOptionsValidator : IValidateOptions<BurstOptions>;
