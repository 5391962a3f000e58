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
    private readonly ThreadLocal<bool> within = new();

    public void At(StorageStep at, object? subject)
    {
        within.Value = at is not StorageStep.BeforeBegin && (within.Value || IsMine(subject));
        if (within.Value && (subject is null || IsMine(subject)) && at.ToString() == step)
        {
            Die();
        }
    }

    /// <summary>The packet log as the recovery reads it.</summary>
    /// <param name="copies">Receptions that are there when a vote can have a result.</param>
    public IPacketLog Watched(IPacketLog log, int copies)
    {
        var proxy = DispatchProxy.Create<IPacketLog, WatchedLog>();
        var watched = (WatchedLog)(object)proxy;
        watched.Log = log;
        watched.Called = (method, arguments) =>
        {
            var dies = where == "vote" && step switch
            {
                "Read" => method == nameof(IPacketLog.ReadDivertedAsync) && log.HeadAsync((FeedId)arguments[0]!, CancellationToken.None).GetAwaiter().GetResult() >= copies,
                _ => method == nameof(IPacketLog.CopiesAsync), // Nobody else asks in this process.
            };
            if (dies)
            {
                Die();
            }
        };
        return proxy;
    }

    private bool IsMine(object? subject) => (where, subject) switch
    {
        ("append", Append append) => append.Stream.Value.StartsWith("recovery/", StringComparison.Ordinal),
        ("frame", IEnumerable receptions) => receptions.OfType<CheckedReception>().Any(static one => one.Verdict is ReceptionVerdict.Recovered),
        ("settle", OwedRow row) => row.Message.Route == RecoveryRoute.RouteName,
        ("checkpoint", ValueTuple<string, FeedId> reader) => reader.Item1 == "recovery",
        _ => false,
    };

    private static void Die() => Process.GetCurrentProcess().Kill();

    /// <summary>Tells of each call before it is made.</summary>
    internal class WatchedLog : DispatchProxy
    {
        public IPacketLog Log { get; set; } = null!;

        public Action<string, object?[]> Called { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Called(targetMethod!.Name, args!);
            return targetMethod.Invoke(Log, args);
        }
    }
}
