using Svom.Packets;
using Svom.Packets.Messages;

namespace Svom.Bursts;

/// <summary>
/// When a message is closed: once complete, or with parts missing when none came for a while or it has taken too long. What comes
/// later still fills it. Pure.
/// </summary>
internal static class MessageRules
{
    // Due times are rounded up to this, so that not every part moves the burst's wake-up.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    private static readonly string GrmName = MessageKinds.Name(PacketKind.GrmLightCurve);

    public static bool IsOfGrm(string kind) => string.Equals(kind, GrmName, StringComparison.Ordinal);

    /// <summary>open, complete or partial.</summary>
    public static MessageState StateOf(MessageParts message, MessageProgress? progress) =>
        message.Complete ? MessageState.Complete : progress?.ClosedAt is null ? MessageState.Open : MessageState.Partial;

    /// <summary>Mission time at which an open message is closed, and why then; null when it is closed.</summary>
    public static (DateTimeOffset Due, string Because)? Due(BurstState state, string message, BurstOptions options)
    {
        if (state.Messages.GetValueOrDefault(message) is not { ClosedAt: null } progress)
        {
            return null;
        }

        var (quiet, deadline) = (Up(progress.LastMark + options.MessageQuiet), Up(progress.FirstMark + options.MessageDeadline));
        return quiet < deadline ? (quiet, MessageProgress.BecauseQuiet) : (deadline, MessageProgress.BecauseDeadline);
    }

    /// <summary>Next mission time at which a message is closed.</summary>
    public static DateTimeOffset? NextMission(BurstState state, BurstOptions options) =>
        state.Messages.Keys.Select(message => Due(state, message, options)?.Due).Min();

    /// <summary>Next wall time at which a message of a silent feed is closed.</summary>
    public static DateTimeOffset? NextWall(BurstState state, BurstOptions options) =>
        state.Messages.Values.Where(static progress => progress.ClosedAt is null).Select(progress => (DateTimeOffset?)(progress.FirstHeard + options.MessageDeadline)).Min();

    /// <summary>The closing that is due first at a watermark; null when none is.</summary>
    public static MessageClosed? FirstDue(BurstRun run, DateTimeOffset watermark) =>
        run.State.Messages.Keys.Select(message => (Message: message, Due: Due(run.State, message, run.Options)))
            .Where(entry => entry.Due?.Due <= watermark).OrderBy(static entry => entry.Due!.Value.Due).ThenBy(static entry => entry.Message, StringComparer.Ordinal)
            .Select(entry => new MessageClosed(run.Now, entry.Message, FiredBy.Watermark, entry.Due!.Value.Because, entry.Due.Value.Due, watermark)).FirstOrDefault();

    /// <summary>Closes what is due by wall time.</summary>
    public static void AdvanceWall(BurstRun run, DateTimeOffset time)
    {
        foreach (var (message, progress) in run.State.Messages.Where(static entry => entry.Value.ClosedAt is null))
        {
            if (progress.FirstHeard + run.Options.MessageDeadline is var due && due <= time)
            {
                run.Write(new MessageClosed(run.Now, message, FiredBy.WallClock, MessageProgress.BecauseDeadline, due, run.State.Watermark));
            }
        }
    }

    /// <summary>What follows from a part: a message that became whole.</summary>
    public static void OnPart(BurstRun run, MessagePart part)
    {
        if (run.State.Science.Messages.GetValueOrDefault(part.Message) is { Complete: true } && run.State.Messages[part.Message].ClosedBecause is not MessageProgress.BecauseComplete)
        {
            run.Write(new MessageCompleted(run.Now, part.Message));
        }
    }

    private static DateTimeOffset Up(DateTimeOffset at) => at.Ticks % Step.Ticks is > 0 and var over && at.Ticks < DateTimeOffset.MaxValue.Ticks - Step.Ticks ? at.AddTicks(Step.Ticks - over) : at;
}
