using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Svom.Storage;

/// <summary>Where the event store and the packet log live.</summary>
public enum StorageProvider
{
    /// <summary>Files of the data folder: one process.</summary>
    Sqlite,

    /// <summary>A PostgreSQL database, which several silos may share.</summary>
    Postgres,
}

/// <summary>Place and bounds of the stores: <c>Svom:Storage</c>.</summary>
public sealed class StorageOptions : IValidatableObject
{
    public const string Section = "Svom:Storage";

    /// <summary>Where the event store and the packet log live: Sqlite (files of the data folder) or Postgres. Default: Sqlite.</summary>
    public StorageProvider Provider { get; set; }

    /// <summary>Address of the database when the provider is Postgres, as Npgsql writes it: Host=db;Database=svom;Username=svom;Password=... Default: none.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Longest that a commit waits for a row that another transaction holds (Postgres). Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Appends that a lane of the event store holds before it answers "overloaded".</summary>
    [Range(1, 1_000_000)]
    public int QueuedAppends { get; set; } = 8_192;

    /// <summary>Calls that the packet log holds before it answers "overloaded"; one call may carry thousands of receptions.</summary>
    [Range(1, 1_000_000)]
    public int QueuedIngests { get; set; } = 1_024;

    /// <summary>Octets that a lane holds before it answers "overloaded". Default: 64 MiB.</summary>
    [Range(1L << 10, 1L << 32)]
    public long QueuedOctets { get; set; } = 64L << 20;

    /// <summary>Most appends of one commit.</summary>
    [Range(1, 65_536)]
    public int AppendsPerCommit { get; set; } = 2_048;

    /// <summary>Octets after which a commit takes no more. Default: 16 MiB.</summary>
    [Range(1L << 10, 1L << 30)]
    public long OctetsPerCommit { get; set; } = 16L << 20;

    /// <summary>Longest that settled rows and reader positions wait for a commit to ride on. Default: 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan LazyDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Read connections of each file.</summary>
    [Range(1, 64)]
    public int ReadConnections { get; set; } = 8;

    /// <summary>A database is named when it is needed, and can be read. What it says is not repeated: it may hold a password.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider == StorageProvider.Postgres && !IsConnectionString(ConnectionString))
        {
            yield return new($"{Section}:ConnectionString must name a database, as in Host=db;Database=svom;Username=svom, when {Section}:Provider is Postgres.", [nameof(ConnectionString)]);
        }
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or KeyNotFoundException or FormatException)
        {
            return false;
        }
    }

    internal WriteLimits Appends => new(QueuedAppends, QueuedOctets, AppendsPerCommit, OctetsPerCommit, LazyDelay);

    internal WriteLimits Ingests => new(QueuedIngests, QueuedOctets, AppendsPerCommit, OctetsPerCommit, LazyDelay);
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
