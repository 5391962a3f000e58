using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Svom.Stations;

/// <summary>Settings of the station network and its watch.</summary>
public sealed class StationWatchOptions : IValidatableObject
{
    public const string Section = "Svom:Stations";

    /// <summary>The network list, a JSON file; empty: the one that comes with the program.</summary>
    public string File { get; set; } = "";

    /// <summary>A station hears the satellite when it stands higher than this, in degrees.</summary>
    [Range(0.0, 45.0)]
    public double MaskDegrees { get; set; } = 5;

    /// <summary>What stations delivered is counted this long after it came: longer costs fewer writes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Gather { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>An orbit packet says where the satellite is for this long, before and after.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3.00:00:00")]
    public TimeSpan OrbitAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Without a known orbit: a station that others outlast by this long is silent. Above the satellite's longest absence from any station.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00")]
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Without a known orbit: the satellite is silent when nobody heard anything for this long. Above one turn around the Earth.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00")]
    public TimeSpan NetworkSilence { get; set; } = TimeSpan.FromHours(3);

    /// <summary>Packets that a station must have missed between two checks to be called silent in that minute.</summary>
    [Range(1, 100)]
    public int LeastExpected { get; set; } = 3;

    /// <summary>An alarm is raised when this many of the last checks were bad; see RaiseOutOf.</summary>
    [Range(1, 32)]
    public int RaiseCount { get; set; } = 3;

    /// <summary>How many of the last checks with something to judge by are looked at.</summary>
    [Range(1, 32)]
    public int RaiseOutOf { get; set; } = 5;

    /// <summary>An alarm returns when this many checks on end were good.</summary>
    [Range(1, 32)]
    public int ClearCount { get; set; } = 2;

    /// <summary>Share of broken frames above which a station is alarmed; it returns below half of it.</summary>
    [Range(0.01, 1.0)]
    public double CrcFailureLimit { get; set; } = 0.2;

    /// <summary>A packet that arrives this long after its on-board time is late; a station that delivers most of its packets late is alarmed.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "12:00:00")]
    public TimeSpan LateAfter { get; set; } = TimeSpan.FromMinutes(2);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => RaiseCount <= RaiseOutOf
        ? [] : [new ValidationResult($"RaiseCount ({RaiseCount}) cannot be above RaiseOutOf ({RaiseOutOf}).", [nameof(RaiseCount)])];
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
public sealed partial class StationWatchOptionsValidator : IValidateOptions<StationWatchOptions>;
