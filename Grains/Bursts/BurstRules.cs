using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Bursts;

/// <summary>What follows from an input.</summary>
/// <param name="Records">To be appended together, in order; empty when nothing follows.</param>
/// <param name="After">The state with the records applied.</param>
/// <param name="NextMissionDeadline">Mission time of the next thing that happens by itself: ask for <see cref="WatermarkReached"/> then.</param>
/// <param name="NextWallDeadline">Wall time of the next wake-up: ask for <see cref="WallClockReached"/> then.</param>
/// <param name="Refusal">Why an act was refused; nothing follows then.</param>
/// <param name="Repeat">True when the same act with the same key was taken before: nothing follows.</param>
public sealed record Decision(
    ImmutableArray<BurstRecord> Records, BurstState After, DateTimeOffset? NextMissionDeadline, DateTimeOffset? NextWallDeadline,
    Refusal? Refusal = null, bool Repeat = false)
{
    /// <summary>Notices that this decision makes, held ones too.</summary>
    public IEnumerable<NoticeMade> Notices => Records.OfType<NoticeMade>();
}

/// <summary>
/// The rules of a burst: no clock, no storage, no randomness. Each cause becomes a record and is applied; what follows from it
/// is decided on the state with it. Before a cause that lies at or beyond a pending time, that time's matter comes first.
/// </summary>
public static class BurstRules
{
    /// <summary>Decides.</summary>
    public static Decision Decide(BurstState state, BurstInput input, DecisionContext context)
    {
        var run = new BurstRun(state, context);
        switch (input)
        {
            case PacketsHeard heard:
                foreach (var packet in heard.Packets)
                {
                    Take(run, packet);
                }

                break;
            case WatermarkReached reached:
                BurstDeadlines.AdvanceMission(run, reached.Watermark);
                break;
            case WallClockReached reached:
                BurstDeadlines.AdvanceWall(run, reached.Time);
                break;
            case LinkFound link when !state.Related.Contains(link.Burst) && link.Burst != state.Id && state.Related.Count < BurstState.MaxRelated:
                run.Write(new BurstLinked(context.DecidedAt, link.Burst));
                break;
            case ActReceived act:
                return BurstActs.Take(run, act);
        }

        return run.Done();
    }

    /// <summary>Folds one record. Recorded streams are read with this alone.</summary>
    public static BurstState Apply(BurstState state, BurstRecord record) => BurstFold.Apply(state, record);

    /// <summary>
    /// Decides again what follows from the recorded causes: the notices must come out byte for byte. Starts no clock.
    /// </summary>
    public static ImmutableArray<BurstRecord> Replay(string burst, IEnumerable<BurstRecord> recorded, BurstOptions options) =>
        Replayed(burst, recorded, options).Records;

    /// <summary>The same with the state that follows.</summary>
    internal static Decision Replayed(string burst, IEnumerable<BurstRecord> recorded, BurstOptions options)
    {
        var run = new BurstRun(new BurstState(burst), new(default, options));
        foreach (var record in recorded)
        {
            run.At(record.At);
            switch (record)
            {
                case PacketTaken or DeadlineFired or ActEffective:
                    BurstReactions.Take(run, record);
                    break;
                case PacketRepeated or PacketIgnored or ActTaken or BurstLinked or MessageClosed:
                    run.Write(record);
                    break;
            }
        }

        return run.Done();
    }

    private static void Take(BurstRun run, HeardPacket packet)
    {
        if (packet.Position <= run.State.LastPosition)
        {
            return;
        }

        BurstDeadlines.AdvanceBefore(run, packet);
        if (EvidenceChecks.Fault(packet.Evidence) is { } fault)
        {
            run.Write(new PacketIgnored(run.Now, packet.Position, packet.Watermark, fault));
        }
        else if (ReferenceEquals(run.State.Science.Add(packet.Evidence), run.State.Science))
        {
            run.Write(new PacketRepeated(run.Now, packet.Position, packet.Watermark, packet.Apid, packet.SequenceCount, packet.Late, packet.Evidence.PacketTime));
        }
        else
        {
            BurstReactions.Take(run, new PacketTaken(run.Now, packet));
        }
    }
}

/// <summary>A decision on its way: the state so far and the records so far.</summary>
internal sealed class BurstRun(BurstState state, DecisionContext context)
{
    private readonly ImmutableArray<BurstRecord>.Builder records = ImmutableArray.CreateBuilder<BurstRecord>();

    public BurstState State { get; private set; } = state;

    public BurstOptions Options => context.Options;

    public DateTimeOffset Now { get; private set; } = context.DecidedAt;

    public void At(DateTimeOffset now) => Now = now;

    public void Write(BurstRecord record)
    {
        State = BurstFold.Apply(State, record);
        records.Add(record);
    }

    public Decision Done() =>
        new(records.ToImmutable(), State, BurstDeadlines.NextMission(State, Options), BurstDeadlines.NextWall(State, Options));

    public Decision Refuse(RefusalCode code, string detail) =>
        new([], State, BurstDeadlines.NextMission(State, Options), BurstDeadlines.NextWall(State, Options), new(code, detail));

    public Decision Repeated() => Done() with { Repeat = true };
}
