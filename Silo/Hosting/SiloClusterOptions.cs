using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Svom.Hosting;

/// <summary>How the process's silo finds others.</summary>
public enum ClusterMode
{
    /// <summary>Not at all: one process is the whole platform.</summary>
    Embedded,

    /// <summary>By a table of the database that they share.</summary>
    Postgres,
}

/// <summary>Whether this process is the whole platform or one silo of several: <c>Svom:Cluster</c>.</summary>
public sealed class SiloClusterOptions : IValidatableObject
{
    public const string Section = "Svom:Cluster";

    /// <summary>Embedded: this process is the whole platform. Postgres: it is one of several on the database of Svom:Storage. Default: Embedded.</summary>
    public ClusterMode Mode { get; set; }

    /// <summary>Silos of one name find each other. Default: svom.</summary>
    [Required, StringLength(100)]
    public string Name { get; set; } = "svom";

    /// <summary>IP address at which the other silos reach this one. What they say to each other is neither encrypted nor checked: only loopback or a network of their own. Default: 127.0.0.1.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port for the other silos; 0 takes a free one. A fixed one lets a killed silo come back faster. Default: 0.</summary>
    [Range(0, 65535)]
    public int SiloPort { get; set; }

    /// <summary>Whether this process runs the MQTT door and the outlets. One process of a cluster does; the others must say false. Default: true.</summary>
    public bool Outlets { get; set; } = true;

    /// <summary>The address is one.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out var address) || IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address))
        {
            yield return new($"{Section}:Address must be an IP address at which other silos reach this one; '{Address}' is none.", [nameof(Address)]);
        }

        if (Mode == ClusterMode.Embedded && !Outlets)
        {
            yield return new($"{Section}:Outlets can be false only for one of several silos: with {Section}:Mode Embedded nobody else would send notices out.", [nameof(Outlets)]);
        }
    }
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
public sealed partial class SiloClusterOptionsValidator : IValidateOptions<SiloClusterOptions>;
