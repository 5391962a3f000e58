using System.Collections;
using System.Diagnostics;
using System.Reflection;
using Svom.EventStore;
using Svom.Packets;
using Svom.Packets.Recovery;
using Svom.Storage;

namespace Svom.Crash;

/// <summary>
/// Kills the process where the recovery of broken copies stands at a step: <c>vote Read|Voted</c> while copies wait for a vote or it is over and nothing is written,
/// <c>append STEP</c> in the append that says what came out, <c>frame STEP</c> where the recovered packet goes into the log, <c>settle Settled</c> where
/// it is no longer owed, <c>checkpoint CheckpointSaved</c> where votes that led to nothing are noted.
/// </summary>
internal sealed class RecoveryDeath(string where, string step) : IStorageFaults
{
    // Each store's writer is a thread of its own, and its commits know no subject: it is in the transaction or it is not.
    [ThreadStatic]
    private static bool within;

    public void At(StorageStep at, object? subject)
    {
        within = at is not StorageStep.BeforeBegin && (within || IsMine(subject));
        if (within && (subject is null || IsMine(subject)) && at.ToString() == step)
        {
            Die();
        }
    }

    /// <summary>The packet log as the recovery reads it.</summary>
    /// <param name="copies">Receptions that are there when a vote can have a result.</param>
    public IPacketLog Watched(IPacketLog log, int copies)
    {
        if (where != "vote")
        {
            return log;
        }

        var proxy = DispatchProxy.Create<IPacketLog, WatchedLog>();
        var watched = (WatchedLog)(object)proxy;
        watched.Log = log;
        watched.Instead = (method, arguments) => (step, method) switch
        {
            ("Read", nameof(IPacketLog.ReadDivertedAsync)) => ReadAsync(log, (FeedId)arguments[0]!, (long)arguments[1]!, (int)arguments[2]!, copies),
            ("Voted", nameof(IPacketLog.CopiesAsync)) => Die(), // Nobody else asks in this process.
            _ => null,
        };
        return proxy;
    }

    private static async Task<LogSlice> ReadAsync(IPacketLog log, FeedId feed, long after, int max, int copies)
    {
        if (await log.HeadAsync(feed, CancellationToken.None) >= copies)
        {
            Die();
        }

        return await log.ReadDivertedAsync(feed, after, max, CancellationToken.None);
    }

    private bool IsMine(object? subject) => (where, subject) switch
    {
        ("append", Append append) => append.Stream.Value.StartsWith("recovery/", StringComparison.Ordinal),
        ("frame", IEnumerable receptions) => receptions.OfType<CheckedReception>().Any(static one => one.Verdict is ReceptionVerdict.Recovered),
        ("settle", OwedRow row) => row.Message.Route == RecoveryRoute.RouteName,
        ("checkpoint", ValueTuple<string, FeedId> reader) => reader.Item1 == "recovery",
        _ => false,
    };

    private static object? Die()
    {
        Process.GetCurrentProcess().Kill();
        return null;
    }

    /// <summary>Hands on each call, unless something is done instead.</summary>
    internal class WatchedLog : DispatchProxy
    {
        public IPacketLog Log { get; set; } = null!;

        public Func<string, object?[], object?> Instead { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Instead(targetMethod!.Name, args!) ?? targetMethod.Invoke(Log, args);
    }
}
