using System.Security.Cryptography;
using Orleans.Concurrency;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>Checks frames and gives them identity, then stores: what is wrong is known before the append, so the answer can count it.</summary>
[StatelessWorker, Reentrant]
internal sealed class PacketIngestGrain(IPacketLog log, TimeProvider time, PacketMetrics metrics) : Grain, IPacketIngestGrain
{
    public async Task<Outcome<IngestAnswer>> IngestAsync(ReceptionBatch batch, CancellationToken cancellationToken)
    {
        var receptions = batch.Receptions;
        var check = new CheckedReception[receptions.Length];
        for (var i = 0; i < check.Length; i++)
        {
            if (ReceptionRules.Refuse(receptions[i]) is { } why)
            {
                return new Refusal(RefusalCode.Invalid, $"Element {i}: {why}");
            }

            check[i] = ReceptionRules.Check(receptions[i]);
        }

        if (check.Length == 0)
        {
            return new IngestAnswer(0, 0, 0, null, null);
        }

        using var step = PacketTraces.Ingest(check);
        var stored = await log.AppendAsync(check, time.GetUtcNow(), cancellationToken);
        if (stored.Overloaded)
        {
            metrics.Refused(check.Length);
            return new Refusal(RefusalCode.Overloaded, "More receptions wait than the platform takes at once; send the same again later.");
        }

        metrics.Stored(stored);
        return new IngestAnswer(stored.Accepted, stored.Duplicates, stored.Invalid, stored.First, stored.Last);
    }
}

/// <summary>What is a reception, and what it holds.</summary>
internal static class ReceptionRules
{
    // Frames name spacecraft by number; the feed names them by word. A broken or foreign frame stands in the feed that it was sent for.
    private static readonly string Spacecraft = PacketDefinitions.Current.SpacecraftName;

    /// <returns>Why it is no reception at all; null when it is one, be its frame broken or not.</returns>
    public static string? Refuse(Reception reception) =>
        !FeedId.IsName(reception.Station) ? "station must be 1 to 64 of a-z, A-Z, 0-9, '-', '_' and '.', beginning with a letter or digit"
        : reception.Session is { } session && !FeedId.IsName(session) ? "session must be 1 to 64 of a-z, A-Z, 0-9, '-', '_' and '.', beginning with a letter or digit"
        : reception.Octets.Length is 0 or > Reception.MaxOctets ? $"octets must be 1 to {Reception.MaxOctets}, not {reception.Octets.Length}"
        : null;

    /// <summary>Verdict, header and identity of a reception's frame. Pure.</summary>
    public static CheckedReception Check(Reception reception)
    {
        var octets = reception.Octets.Span;
        var inspection = FrameCheck.Inspect(octets);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(octets, digest);
        return new(
            new(Spacecraft, reception.Session),
            reception,
            PacketId.FromSha256(digest),
            (ReceptionVerdict)inspection.Verdict,
            inspection.Verdict == FrameVerdict.Valid ? new PacketHeader(inspection.Apid, inspection.SequenceCount, inspection.PacketTime) : null);
    }
}
