using System.Collections.Immutable;
using CsCheck;

namespace Svom.Workflows;

/// <summary>One step of a run at random: what it means depends on how the run stands, so that most steps hit something.</summary>
internal readonly record struct RandomStep(int Kind, int Pick, int More)
{
    public static readonly Gen<RandomStep> Any = Gen.Select(Gen.Int[0, 99], Gen.Int[0, 999], Gen.Int[0, 999], static (kind, pick, more) => new RandomStep(kind, pick, more));
}

/// <summary>Turns random steps into inputs.</summary>
internal static class RandomSteps
{
    private static readonly RetryPolicy[] Policies =
        [new(), new() { MaximumAttempts = 2 }, new() { InitialInterval = TimeSpan.Zero, MaximumAttempts = 3 }, new() { InitialInterval = TimeSpan.FromSeconds(40) }];

    public static void Take(RunStory story, RandomStep step)
    {
        var run = story.State.Run;
        if (run is null or { IsOpen: false } && step.Kind < 60)
        {
            story.Do(Start(step));
            return;
        }

        switch (step.Kind)
        {
            case < 20:
                story.Do(new BeginTask($"worker-{step.More % 2}", $"poll-{step.Pick % 3}", step.Pick % 4 != 0));
                break;
            case < 45:
                story.Do(new FinishTask(Outcome(run, step), Asked(step)));
                break;
            case < 60:
                story.Pass(step.Pick % 4 == 0 ? 0 : step.More / 10.0);
                break;
            case < 66:
                story.Signal($"news-{step.More % 3}", step.Pick % 2 == 0 ? $"request-{step.More % 5}" : null);
                break;
            case < 67:
                story.Do(step.Pick % 2 == 0 ? Ask.Cancel() : step.Pick % 10 == 1 ? Ask.Terminate() : new KeepTask { Asked = Asked(step) });
                break;
            case < 70:
                story.Do(step.Pick % 2 == 0 ? new KeepTask() : new EndLocalStep(new(1 + (step.More % 3), "Measure", 1, [], null)));
                break;
            case < 80:
                story.Do(new BeginAttempt(Activity(run, step), 1 + (step.More % 3), "silo-1", $"take-{step.Pick % 2}"));
                break;
            case < 92:
                story.Do(News(Activity(run, step), step));
                break;
            case < 98:
                story.Do(Answer(run, step));
                break;
            default:
                story.Do(Start(step));
                break;
        }
    }

    private static Start Start(RandomStep step)
    {
        var request = Ask.Start(
            $"start-{step.Pick % 4}", (WorkflowIdReusePolicy)(1 + (step.Pick % 4)), (WorkflowIdConflictPolicy)(1 + (step.More % 3)), step.Pick % 5 == 0 ? 300 : null,
            step.More % 3 == 0 ? 120 : null, step.More % 2 == 0 ? Policies[step.Pick % 4] : null, step.Pick % 6 == 0 ? 30 : null,
            step.More % 4 == 0 ? new("science", new("parent-1", "parent-run"), 5) : null);
        return new(request, step.More % 5 == 0 ? Ask.Signal() : null);
    }

    private static TaskOutcome Outcome(RunState? run, RandomStep step) => step.Pick % 8 == 0
        ? new TaskFailed("worker", WorkflowTaskFailedCause.NonDeterministicError, Ask.Failure())
        : new TaskDone("worker", Commands(run, step), Messages(step), LocalWork: step.More % 11 == 0);

    private static ImmutableArray<UpdateRequest> Asked(RandomStep step) => step.More % 3 == 0 ? [Ask.Update($"u{step.Pick % 6}")] : [];

    private static ImmutableArray<UpdateMessage> Messages(RandomStep step)
    {
        var id = $"u{step.Pick % 6}";
        return (step.More % 3, step.More / 3 % 3) switch
        {
            (0, 0) => [new UpdateAccepted("m1", id, 4), new UpdateDone("m2", id, [], null)],
            (0, 1) => [new UpdateAccepted("m1", id, 4)],
            (0, _) => [new UpdateRejected("m1", id, Ask.Failure())],
            (1, 0) => [new UpdateDone("m2", id, [], null)],
            _ => [],
        };
    }

    private static ImmutableArray<Command> Commands(RunState? run, RandomStep step)
    {
        var commands = ImmutableArray.CreateBuilder<Command>();
        for (var (n, seed) = (step.Pick % 5, (step.Pick * 7) + step.More); n > 0; n--, seed = (seed * 31) + 17)
        {
            commands.Add(Command(run, Math.Abs(seed)));
        }

        if (step.Pick % 12 == 5)
        {
            commands.Add(((Command[])[Ask.Complete(), Ask.FailRun(), new CancelWorkflow([]), Ask.Next(), Ask.Next(20)])[step.More % 5]);
        }

        return commands.ToImmutable();
    }

    private static Command Command(RunState? run, int seed) => (seed % 16) switch
    {
        0 or 1 => Ask.Timer($"t{seed % 5}", 1 + (seed % 70)),
        2 => new CancelTimer(run is { Timers.IsEmpty: false } ? run.Timers.Keys.ElementAt(seed % run.Timers.Count) : $"t{seed % 5}"),
        3 or 4 or 5 or 6 => Ask.Activity(
            $"a{seed % 9}", seed % 3 == 0 ? 60 : null, seed % 4 == 0 ? 10 : null, seed % 5 == 0 ? 60 : 20, seed % 2 == 0 ? 8 : null, seed % 7 == 0 ? null : Policies[seed % 4]),
        7 => new RequestCancelActivityTask(run is { Activities.IsEmpty: false } ? run.Activities.Keys.ElementAt(seed % run.Activities.Count) : seed % 9),
        8 or 9 => Ask.Child($"child-{seed % 3}", (ParentClosePolicy)(1 + (seed % 3))),
        10 => Ask.Outward($"other-{seed % 3}", seed % 2 == 0),
        11 => Ask.CancelOther($"other-{seed % 3}", seed % 2 == 0),
        12 => new UpsertSearchAttributes(Ask.None.Add("Burst", Ask.Payload($"{seed % 3}"))),
        13 => new ModifyProperties(Ask.None.Add("note", Ask.Payload($"{seed % 3}"))),
        _ => Ask.Marker(),
    };

    private static long Activity(RunState? run, RandomStep step) =>
        run is { Activities.IsEmpty: false } && step.Pick % 10 != 0 ? run.Activities.Keys.ElementAt(step.Pick % run.Activities.Count) : step.Pick % 20;

    private static WorkflowInput News(long id, RandomStep step)
    {
        int? attempt = step.More % 3 == 0 ? null : 1 + (step.More % 2);
        return (step.Kind % 6) switch
        {
            0 => new AttemptSucceeded(id, attempt, "silo-1", []),
            1 => new AttemptFailed(id, attempt, "silo-1", Ask.Failure()),
            2 => new AttemptCanceled(id, attempt, "silo-1", []),
            3 => new AttemptLost(id, attempt, "silo-1"),
            _ => new AttemptBeat(id, attempt, "silo-1", [Ask.Payload($"{step.Pick}")]),
        };
    }

    private static WorkflowInput Answer(RunState? run, RandomStep step)
    {
        var children = run?.Children.Keys.ToArray() ?? [];
        var child = children.Length > 0 ? children[step.Pick % children.Length] : step.Pick % 20;
        var signal = run is { ExternalSignals.IsEmpty: false } ? run.ExternalSignals.Keys.First() : step.Pick % 20;
        var cancel = run is { ExternalCancels.IsEmpty: false } ? run.ExternalCancels.Keys.First() : step.Pick % 20;
        return (step.More % 6) switch
        {
            0 or 1 => new ChildBegan(child, $"child-run-{child}"),
            2 => new ChildClosed(child, $"child-run-{child}", new WorkflowExecutionCompleted([], 4)),
            3 => new ChildNotBegun(child, StartChildFailedCause.WorkflowAlreadyExists),
            4 => new ExternalSignalAnswered(signal, step.Pick % 2 == 0 ? null : ExternalFailedCause.WorkflowNotFound),
            _ => new ExternalCancelAnswered(cancel, step.Pick % 2 == 0 ? null : ExternalFailedCause.WorkflowNotFound),
        };
    }
}
