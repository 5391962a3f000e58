using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Svom.EventStore;

/// <summary>How a silo holds its shards of owed and due rows.</summary>
public sealed class ShardOptions
{
    public const string Section = "Svom:Shards";

    /// <summary>A shard not renewed for this long is free for another silo; renewed three times as often. Default: 60 s, for one silo alone; 3 s in a cluster.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Pause between two scans for rows that the fast path missed; what is due within twice as long is kept in memory. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Scan { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
public sealed partial class ShardOptionsValidator : IValidateOptions<ShardOptions>;
