using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Svom.Hosting;

/// <summary>Where the doors stand. 0 takes a free port, which is printed at the start.</summary>
public sealed class PortOptions
{
    public const string Section = "Svom:Ports";

    /// <summary>REST, pages, OpenAPI, dashboard, health, metrics. Default: 8080.</summary>
    [Range(0, 65535)]
    public int Http { get; set; } = 8080;

    /// <summary>MQTT 3.1.1 and 5. Default: 1883.</summary>
    [Range(0, 65535)]
    public int Mqtt { get; set; } = 1883;

    /// <summary>gRPC, over HTTP/2 without TLS. Default: 8081.</summary>
    [Range(0, 65535)]
    public int Grpc { get; set; } = 8081;

    /// <summary>Temporal-compatible frontend. Reserved: nothing listens yet. Default: 7233.</summary>
    [Range(0, 65535)]
    public int Temporal { get; set; } = 7233;
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
internal sealed partial class PortOptionsValidator : IValidateOptions<PortOptions>;
