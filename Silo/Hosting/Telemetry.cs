using System.Reflection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Svom.Access;
using Svom.Monitoring;

namespace Svom.Hosting;

/// <summary>
/// OpenTelemetry: figures for whoever scrapes <c>/metrics</c>, and traces, figures and logs for a collector when one is set. Without one nothing is traced and
/// nothing leaves this machine.
/// </summary>
internal static class Telemetry
{
    private const string Path = "/metrics";

    // The runtime and the web server count by themselves; nothing has to be installed in between.
    private static readonly string[] Meters =
        ["Svom.*", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <exception cref="CannotStartException">A setting is none that can be followed.</exception>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var options = Read(builder.Configuration);
        var collector = options.Otlp.Length > 0 ? options.Otlp : builder.Configuration[TelemetryOptions.StandardEndpoint];
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        if (!options.Metrics && string.IsNullOrEmpty(collector))
        {
            return;
        }

        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(static resource => resource.AddService("svom", serviceVersion: Version()));
        if (options.Metrics)
        {
            telemetry.WithMetrics(metrics =>
            {
                metrics.AddMeter(options.Orleans ? [.. Meters, "Microsoft.Orleans"] : Meters);
                metrics.AddPrometheusExporter();
            });
        }

        if (!string.IsNullOrEmpty(collector))
        {
            telemetry.WithTracing(static tracing => tracing.AddSource(GrainsRegistration.TraceSource, "Microsoft.AspNetCore"));
            _ = options.Otlp.Length > 0 ? telemetry.UseOtlpExporter(options.OtlpProtocol, new Uri(options.Otlp)) : telemetry.UseOtlpExporter();
            builder.Services.Configure<OpenTelemetryLoggerOptions>(static log => log.IncludeFormattedMessage = true);
            builder.Services.AddHostedService<FiguresPushed>();
        }
    }

    /// <summary>The door at which figures are scraped: for everybody who may come in at all, as health is.</summary>
    public static void MapMetrics(this WebApplication application)
    {
        if (!Read(application.Configuration).Metrics)
        {
            return;
        }

        application.MapPrometheusScrapingEndpoint(Path, meterProvider: null, FreshFigures, optionsName: null)
            .For(Deed.Look).WithMetadata(new HttpMethodMetadata(["GET", "HEAD"])).WithDisplayName("metrics");
    }

    private static void FreshFigures(IApplicationBuilder pipeline) => pipeline.Use(static async (http, next) =>
    {
        await http.RequestServices.GetRequiredService<StandingFigures>().RefreshAsync();
        await next(http);
    });

    private static TelemetryOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new();
        var valid = new TelemetryOptionsValidator().Validate(null, options);
        return valid.Failed ? throw new CannotStartException(valid.FailureMessage) : options;
    }

    private static string? Version() => Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>Nobody scrapes, but a collector gets them: they must be there to be asked.</summary>
    private sealed class FiguresPushed(IServiceProvider services) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => services.GetRequiredService<StandingFigures>().RefreshAsync();
    }
}
