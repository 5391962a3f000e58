using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Simulation;
using ReceptionBatch = Svom.Packets.ReceptionBatch;

namespace Svom.Support;

/// <summary>What came of a mission's arrival.</summary>
/// <param name="Sent">Packets that the satellite sent.</param>
/// <param name="Unheard">Of them those that no station had in sight.</param>
/// <param name="Receptions">Given to the platform.</param>
/// <param name="Accepted">Of them stored; the others are copies of stored ones.</param>
/// <param name="Broken">Of the stored ones.</param>
/// <param name="MostUnderWay">Most that was between satellite and platform at once.</param>
/// <param name="Again">Calls repeated because the platform had too much.</param>
/// <param name="Answered">Seconds until everything was durable.</param>
/// <param name="Applied">Seconds until every burst had taken its packets and nobody was owed anything.</param>
internal sealed record ArrivedMission(
    long Sent, long Unheard, long Lost, long Receptions, long Accepted, long Duplicates, long Broken, int Acts, int MostUnderWay, int Again, double Answered, double Applied);

/// <summary>
/// Lets a mission arrive as fast as the platform takes it, in order, and does what people did when all that was heard by then has
/// reached the bursts. Time stands in the mission: it is weeks, and the platform's clock counts minutes.
/// </summary>
internal sealed class MissionArrival(IServiceProvider platform, FeedId feed)
{
    private const int EachCall = 1_000;
    private const int CallsAhead = 16;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private readonly IGrainFactory grains = platform.GetRequiredService<IGrainFactory>();
    private readonly IEventStore store = platform.GetRequiredService<IEventStore>();
    private readonly OwedDispatcher owed = platform.GetRequiredService<OwedDispatcher>();
    private long accepted;
    private long duplicates;
    private long broken;
    private int again;

    private sealed record Step(ReceptionBatch? Batch, PlannedAct? Act);

    public async Task<ArrivedMission> RunAsync(Mission mission, CancellationToken cancellationToken)
    {
        var traffic = mission.Traffic();
        var steps = Channel.CreateBounded<Step>(new BoundedChannelOptions(CallsAhead) { SingleReader = true, SingleWriter = true });
        var writing = Task.Run(() => WriteAsync(traffic, steps.Writer, cancellationToken), cancellationToken);
        var (began, receptions, acts) = (Stopwatch.GetTimestamp(), 0L, 0);
        await foreach (var step in steps.Reader.ReadAllAsync(cancellationToken))
        {
            receptions += step.Batch?.Receptions.Length ?? 0;
            acts += step.Act is null ? 0 : 1;
            await (step.Batch is { } batch ? IngestAsync(batch, cancellationToken) : ActAsync(step.Act!, cancellationToken));
        }

        await writing;
        var answered = Stopwatch.GetElapsedTime(began);
        await SettledAsync(cancellationToken);
        return new(
            traffic.Packets, traffic.Unheard, traffic.Lost, receptions, accepted, duplicates, broken, acts, traffic.MostUnderWay, again, answered.TotalSeconds,
            Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private async Task WriteAsync(MissionTraffic traffic, ChannelWriter<Step> steps, CancellationToken cancellationToken)
    {
        try
        {
            var batch = ImmutableArray.CreateBuilder<Reception>(EachCall);
            foreach (var happening in traffic.Events())
            {
                if (happening is PlannedReception heard)
                {
                    batch.Add(new(heard.Station, heard.ReceivedAt, heard.Octets, heard.SignalDbm, feed.Session));
                }

                if (batch.Count == EachCall || (happening is PlannedAct && batch.Count > 0))
                {
                    await steps.WriteAsync(new(new(batch.ToImmutable()), null), cancellationToken);
                    batch.Clear();
                }

                if (happening is PlannedAct act)
                {
                    await steps.WriteAsync(new(null, act), cancellationToken);
                }
            }

            if (batch.Count > 0)
            {
                await steps.WriteAsync(new(new(batch.ToImmutable()), null), cancellationToken);
            }

            steps.Complete();
        }
        catch (Exception failure)
        {
            steps.TryComplete(failure); // Whoever waits for the next step is told.
        }
    }

    private async Task IngestAsync(ReceptionBatch batch, CancellationToken cancellationToken)
    {
        Outcome<IngestAnswer> answer;
        while (!(answer = await grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(batch, cancellationToken)).Accepted)
        {
            if (answer.Refusal!.Code is not RefusalCode.Overloaded)
            {
                throw new InvalidOperationException(answer.Refusal.Detail);
            }

            again++;
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }

        accepted += answer.Value!.Accepted;
        duplicates += answer.Value!.Duplicates;
        broken += answer.Value!.Invalid;
    }

    private async Task ActAsync(PlannedAct act, CancellationToken cancellationToken)
    {
        await SettledAsync(cancellationToken);
        var observation = act.ObservationId.ToString(CultureInfo.InvariantCulture);
        var found = await grains.GetGrain<IBurstQueryGrain>(0).FindAsync(new(Observation: observation, Session: feed.Session), cancellationToken);
        var burst = found.Value!.Items is [var only] ? only.Id : throw new InvalidOperationException($"{found.Value!.Items.Length} bursts of observation {observation} are there to {act.Act}.");
        var kind = act.Act == PlannedAct.Validate ? BurstActKind.Validate : BurstActKind.Retract;
        var done = await grains.GetGrain<IBurstGrain>(burst).ActAsync(
            new(kind, "burst advocate", act.Reason, act.At, Notices: act.Notices is { } notices ? [.. notices] : null, IdempotencyKey: FormattableString.Invariant($"{act.Act}-{act.At.UtcTicks}")), cancellationToken);
        _ = done.Accepted ? done : throw new InvalidOperationException($"{burst}: {done.Refusal.Detail}");
    }

    /// <summary>Waits until the sequencer has routed what is in the log and nothing is owed to anybody.</summary>
    private async Task SettledAsync(CancellationToken cancellationToken)
    {
        while (await grains.GetGrain<ISequencerGrain>(feed.ToString()).CatchUpAsync(cancellationToken))
        {
            // It takes a bounded piece each time.
        }

        while (owed.Outstanding > 0 || (await store.OwedAsync(0, EventStore.StreamId.ShardCount, 1, cancellationToken)).Count > 0)
        {
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }
}
