using System.Security.Cryptography;
using System.Text;
using Svom.Packets;

namespace Svom.Crash;

/// <summary>Calls whose receptions follow from caller and number: copies of shared packets, conflicts, broken ones, repeats.</summary>
internal static class PacketWork
{
    public const int Callers = 4;
    public const int Calls = 12;
    public static readonly FeedId Feed = new("svom");
    public static readonly DateTimeOffset Start = new(2026, 4, 21, 0, 0, 0, TimeSpan.Zero);

    public static CheckedReception[] Call(int caller, int call) =>
    [
        .. Enumerable.Range(call * 5, 5).Select(n => Heard($"packet {n}", caller, n, n)),
        Heard($"conflict {caller}", caller, 10_000 + call, 1),
        Heard($"own {caller}.{call}", caller, 20_000 + call, 100 + (caller * Calls) + call),
        Broken($"broken {caller}.{call}", caller, 30_000 + call),
        Heard($"packet {call * 5}", caller, call * 5, call * 5),
    ];

    public static async Task RunAsync(IPacketLog log)
    {
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var call = 0; call < Calls; call++)
            {
                var result = await log.AppendAsync(Call(caller, call), Start, CancellationToken.None);
                Said.Line($"landed {caller} {call} {result.Accepted} {result.Duplicates} {result.Last}");
                await log.SaveCheckpointAsync($"reader-{caller}", Feed, result.Last ?? 0, CancellationToken.None);
            }
        })));
    }

    private static CheckedReception Heard(string content, int caller, int ms, int count)
    {
        var octets = Encoding.UTF8.GetBytes(content);
        return new(
            Feed, new($"station-{caller}", Start.AddMilliseconds(ms), octets), PacketId.FromSha256(SHA256.HashData(octets)), ReceptionVerdict.Valid,
            new(576, count, Start.AddSeconds(count)));
    }

    private static CheckedReception Broken(string content, int caller, int ms) =>
        Heard(content, caller, ms, 0) with { Verdict = ReceptionVerdict.BadCrc, Header = null };
}
