using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Svom.Packets.Recovery;

/// <summary>Settings under <c>Svom:Recovery</c>.</summary>
public sealed class RecoveryOptions : IValidatableObject
{
    public const string Section = "Svom:Recovery";

    /// <summary>Broken copies of one packet are put together by majority. False leaves them where they are.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Copies of one packet arrive this close together, by the clocks of their stations.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bits, of 800, in which two copies of one packet may differ.</summary>
    [Range(1, 160)]
    public int MostDistanceBits { get; set; } = 80;

    /// <summary>A packet that is wrong with a greater probability than this is not recovered.</summary>
    [Range(0d, 0.000001)]
    public double MostRisk { get; set; } = 1e-8;

    /// <summary>A packet time lies at most this long before the first arrival: packets wait on board for their turn.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan OnBoardDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Stations that are no VHF stations but fill holes later, for example BEIDOU and XBAND. A packet whose first whole copy came from one of them is late.</summary>
    public string[] SecondSources { get; set; } = [];

    /// <summary>True for a station that fills holes later.</summary>
    public bool IsSecondSource(string station) => Array.Exists(SecondSources, source => string.Equals(source, station, StringComparison.Ordinal));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => SecondSources
        .Where(static source => !FeedId.IsName(source))
        .Select(static source => new ValidationResult($"'{source}' in {Section}:{nameof(SecondSources)} is no name of a station.", [nameof(SecondSources)]));

    internal RecoveryLimits Limits => new() { Window = Window, MostDistanceBits = MostDistanceBits, MostRisk = MostRisk, OnBoardDelay = OnBoardDelay };
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
public sealed partial class RecoveryOptionsValidator : IValidateOptions<RecoveryOptions>;
