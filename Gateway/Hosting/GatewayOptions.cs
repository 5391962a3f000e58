using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Svom.Hosting;

/// <summary>Limits of the door, <c>Svom:Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Svom:Gateway";

    /// <summary>Longest batch of receptions in octets, as sent and after decompression. Default: 16 MiB.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public int MaxBatchOctets { get; set; } = 16 * 1024 * 1024;

    /// <summary>Most receptions in one request. Default: 20 000.</summary>
    [Range(1, 1_000_000)]
    public int MaxBatchReceptions { get; set; } = 20_000;

    /// <summary>Batches read at once; further ones wait. Bounds memory to this many batches. Default: 32.</summary>
    [Range(1, 1024)]
    public int ConcurrentBatches { get; set; } = 32;

    /// <summary>Batches that may wait for their turn; further ones are told to come back. Default: 256.</summary>
    [Range(0, 65536)]
    public int WaitingBatches { get; set; } = 256;

    /// <summary>Readers of server-sent events at one time. Default: 500.</summary>
    [Range(1, 100_000)]
    public int MaxEventReaders { get; set; } = 500;

    /// <summary>How long a reader of events may take over what it was sent before it is cut off. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan EventReaderPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Host names answered for besides loopback ones, without port; <c>*</c> is any. Default: none.</summary>
    public IList<string> Hosts { get; set; } = [];
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
