using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Svom.Bursts;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Support;
using Svom.Workflows;

namespace Svom.Cluster.Bursts;

/// <summary>A burst and its follow-through inside one silo with the real stores.</summary>
public sealed class BurstFollowedTests : IDisposable
{
    private const string Burst = "sb26030101";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_burst_is_followed_from_its_first_packet_to_its_retraction_across_a_restart()
    {
        await using (var silo = await SiloHost.StartAsync(folder.Path))
        {
            await IngestAsync(silo, Frames.Heard(Frames.Alert(4711, 0, 12.5, quality: 128)));
            var opened = await UntilAsync(silo, FollowPhase.AwaitingValidation);
            Assert.Equal([FollowStep.Validation, FollowStep.Slew], FollowThroughRules.Awaited(opened).Select(static step => step.Step));
        }

        await using var again = await SiloHost.StartAsync(folder.Path);
        var burst = again.Grains.GetGrain<IBurstGrain>(Burst);
        Assert.True((await burst.ActAsync(new(BurstActKind.Validate, "expert", "bright and alone", IdempotencyKey: "v"), default)).Accepted);
        var handle = again.Services.GetRequiredService<WorkflowClient>().GetWorkflowHandle<BurstFollowThrough, FollowThroughSummary>(FollowThroughMessages.WorkflowId(Burst));
        await UntilAsync(again, FollowPhase.AwaitingSlew);
        Assert.Equal(FollowPhase.AwaitingSlew, await handle.QueryAsync(run => run.Phase));
        Assert.True((await burst.ActAsync(new(BurstActKind.Classify, "expert", "soft", Class: "grb", IdempotencyKey: "c"), default)).Accepted);
        Assert.True((await burst.ActAsync(new(BurstActKind.Retract, "advocate", "a particle event", IdempotencyKey: "r"), default)).Accepted);

        var ended = await handle.GetResultAsync();

        Assert.Equal((FollowPhase.Retracted, "a particle event", "grb"), (ended.Phase, ended.Ended, ended.Classification));
        Assert.Equal(["accept", "classify as grb", "retract"], ended.Acts.Select(static act => act.What));
        Assert.Equal(ended.Number, (await SummaryAsync(again)).Value!.Number);
        Assert.Equal((await burst.GetAsync(default)).Value!.Version, ended.Version);
        if (Environment.GetEnvironmentVariable("SVOM_RECORD_HISTORY") is { Length: > 0 } path)
        {
            var history = JsonSerializer.SerializeToUtf8Bytes([.. await handle.FetchHistoryAsync(TestContext.Current.CancellationToken)], WorkflowJson.Stored.HistoryEventArray);
            await File.WriteAllBytesAsync(path, history, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Late_evidence_after_the_end_is_told_by_the_burst_and_begins_no_second_follow_through()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await IngestAsync(silo, Frames.Heard(Frames.Alert(4711, 0, 12.5)));
        await UntilAsync(silo, FollowPhase.AwaitingSlew);
        var burst = silo.Grains.GetGrain<IBurstGrain>(Burst);
        Assert.True((await burst.ActAsync(new(BurstActKind.Retract, "advocate", "a particle event"), default)).Accepted);
        var ended = await UntilAsync(silo, FollowPhase.Retracted);

        await IngestAsync(silo, Frames.Heard(Frames.Alert(4711, 1, 14, sequenceCount: 9)));
        await IngestAsync(silo, Frames.Heard(Frames.Grm()));
        while ((await burst.GetAsync(default)).Value!.Version == ended.Version)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var description = await silo.Services.GetRequiredService<WorkflowClient>().GetWorkflowHandle(FollowThroughMessages.WorkflowId(Burst)).DescribeAsync(TestContext.Current.CancellationToken);
        Assert.Equal("completed", description.Status);
        Assert.Equal(ended.Number, (await SummaryAsync(silo)).Value!.Number);
    }

    [Fact]
    public async Task A_summary_that_is_kept_again_or_late_changes_nothing()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var keeper = silo.Grains.GetGrain<IBurstSummaryKeeperGrain>(Burst);
        var first = FollowThroughRules.Begin(Burst) with { Number = 1 };
        Assert.Equal(RefusalCode.NotFound, (await SummaryAsync(silo)).Refusal!.Code);
        await keeper.KeepAsync(first, default);
        await keeper.KeepAsync(first with { Number = 2, Phase = FollowPhase.Positioned }, default);
        await keeper.KeepAsync(first, default);
        await keeper.KeepAsync(first with { Number = 2, Phase = FollowPhase.Rejected }, default);
        Assert.Equal((2, FollowPhase.Positioned), ((await SummaryAsync(silo)).Value!.Number, (await SummaryAsync(silo)).Value!.Phase));
    }

    private static Task<Outcome<FollowThroughSummary>> SummaryAsync(SiloHost silo) => silo.Grains.GetGrain<IBurstSummaryGrain>(Burst).GetAsync(default);

    private static async Task<FollowThroughSummary> UntilAsync(SiloHost silo, FollowPhase phase)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var summary = await SummaryAsync(silo);
            if (summary.Accepted && summary.Value.Phase == phase)
            {
                return summary.Value;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"{Burst} did not come to {phase}: {summary}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task IngestAsync(SiloHost silo, params Reception[] receptions) =>
        Assert.True((await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. receptions]), default)).Accepted);
}
