using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace Svom.Hosting;

/// <summary>What the platform tells of itself: <c>/metrics</c>, and what it sends to a collector.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = "Svom:Telemetry";

    /// <summary>Where the standard of OpenTelemetry puts the collector's address.</summary>
    public const string StandardEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Figures are counted and served at <c>/metrics</c>. Default: true.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>Also the figures of Orleans itself, some hundred series more. Default: false.</summary>
    public bool Orleans { get; set; }

    /// <summary>Address of an OTLP collector that gets traces, metrics and logs, such as <c>http://127.0.0.1:4317</c>. Default: none, unless the environment sets OTEL_EXPORTER_OTLP_ENDPOINT.</summary>
    public string Otlp { get; set; } = "";

    /// <summary>How the collector at <c>Otlp</c> is spoken to: Grpc (port 4317 as a rule) or HttpProtobuf (4318). Default: Grpc.</summary>
    public OtlpExportProtocol OtlpProtocol { get; set; } = OtlpExportProtocol.Grpc;
}

/// <summary>Stops the start with a sentence that names the setting.</summary>
internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) =>
        options.Otlp.Length > 0 && !(Uri.TryCreate(options.Otlp, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            ? ValidateOptionsResult.Fail($"{TelemetryOptions.Section}:Otlp is '{options.Otlp}': it must be an http or https address, such as http://127.0.0.1:4317.")
            : !Enum.IsDefined(options.OtlpProtocol)
                ? ValidateOptionsResult.Fail($"{TelemetryOptions.Section}:OtlpProtocol must be Grpc or HttpProtobuf.")
                : ValidateOptionsResult.Success;
}
