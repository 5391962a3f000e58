using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Packets.Recovery;

/// <summary>What the recovery of a feed did. One stream a feed; what led to nothing is not written.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(Recovered), "recovered")]
[JsonDerivedType(typeof(Joined), "joined")]
[JsonDerivedType(typeof(Ambiguous), "ambiguous")]
[JsonDerivedType(typeof(Reached), "reached")]
internal abstract record RecoveryRecord
{
    /// <summary>A packet came out of broken copies.</summary>
    /// <param name="Position">The reception that completed it.</param>
    /// <param name="Packet">Identity of the recovered octets.</param>
    /// <param name="From">Positions of the copies used.</param>
    /// <param name="Risk">Probability that it is wrong.</param>
    internal sealed record Recovered(long Position, string Packet, long[] From, double Risk) : RecoveryRecord;

    /// <summary>A further broken copy of a packet that was recovered or heard whole before.</summary>
    internal sealed record Joined(long Position, string Packet) : RecoveryRecord;

    /// <summary>Votes that this reception took part in gave different packets: none was taken.</summary>
    internal sealed record Ambiguous(long Position) : RecoveryRecord;

    /// <summary>Everything up to a position has voted.</summary>
    /// <param name="Displaced">Copies that a flood pushed out of the window since the record before.</param>
    internal sealed record Reached(long UpTo, long Displaced) : RecoveryRecord;
}

/// <summary>Where the recovery of a feed stands: the fold of its records.</summary>
/// <param name="Position">Everything up to it has voted, and maybe more that led to nothing.</param>
/// <param name="RecoveredCount">Packets recovered.</param>
/// <param name="JoinedCount">Further broken copies of known packets.</param>
/// <param name="AmbiguousCount">Votes that gave different packets.</param>
/// <param name="DisplacedCount">Copies that a flood pushed out of the window.</param>
/// <param name="Latest">The latest recovered packets, and the copies that each used.</param>
internal sealed record RecoveryState(
    long Position, long RecoveredCount, long JoinedCount, long AmbiguousCount, long DisplacedCount, ImmutableList<RecoveryRecord.Recovered> Latest)
{
    /// <summary>As many as the window has copies: a copy in it can only be used by one of these.</summary>
    private const int MostLatest = 256;

    public static readonly RecoveryState Nothing = new(0, 0, 0, 0, 0, []);

    public static RecoveryState Apply(RecoveryState state, RecoveryRecord record) => record switch
    {
        RecoveryRecord.Recovered recovered => state with
        {
            RecoveredCount = state.RecoveredCount + 1,
            Latest = (state.Latest.Count < MostLatest ? state.Latest : state.Latest.RemoveAt(0)).Add(recovered),
        },
        RecoveryRecord.Joined => state with { JoinedCount = state.JoinedCount + 1 },
        RecoveryRecord.Ambiguous => state with { AmbiguousCount = state.AmbiguousCount + 1 },
        RecoveryRecord.Reached reached => state with { Position = reached.UpTo, DisplacedCount = state.DisplacedCount + reached.Displaced },
        _ => state,
    };
}

/// <summary>A recovered packet on its way into the log of its feed.</summary>
internal sealed record RecoveredFrame(DateTimeOffset ReceivedAt, byte[] Octets);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecoveryRecord[]))]
[JsonSerializable(typeof(RecoveryState))]
[JsonSerializable(typeof(RecoveredFrame))]
internal sealed partial class RecoveryJson : JsonSerializerContext;
