using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Svom.Hosting;

/// <summary>Limits of the gRPC door, <c>Svom:Grpc</c>. Receptions in a batch are limited as at every door, by <c>Svom:Gateway</c>.</summary>
public sealed class GrpcOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Svom:Grpc";

    /// <summary>Batches of one ingest stream that may be under way at once; then its sender waits. Default: 8.</summary>
    [Range(1, 256)]
    public int BatchesUnderWay { get; set; } = 8;

    /// <summary>Ingest streams that may be open at once; further ones are told to come back. Default: 128.</summary>
    [Range(1, 65536)]
    public int MaxIngestStreams { get; set; } = 128;

    /// <summary>Watches that may be open at once; further ones are told to come back. Default: 1000.</summary>
    [Range(1, 1_000_000)]
    public int MaxWatches { get; set; } = 1_000;

    /// <summary>Calls that one connection may have open at once. Default: 100.</summary>
    [Range(1, 65536)]
    public int CallsPerConnection { get; set; } = 100;

    /// <summary>A connection that was silent for so long is asked whether it is still there. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAliveDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>One that does not answer within this time is closed. Default: 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

[OptionsValidator]
internal sealed partial class GrpcOptionsValidator : IValidateOptions<GrpcOptions>;
