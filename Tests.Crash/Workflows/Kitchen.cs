using Svom.Workflows;

namespace Svom.Crash;

/// <summary>The workflow of scenarios and invented programs: it interprets a tree of steps, and its result tells what it saw.</summary>
[Workflow("Kitchen")]
internal sealed class Kitchen
{
    private readonly List<(string Name, string Value)> said = [];
    private readonly List<string> log = [];
    private readonly List<Task> background = [];

    public Kitchen() => Interlocked.Increment(ref KitchenCounts.Instances);

    [WorkflowRun]
    public async Task<string> RunAsync(Step program)
    {
        var result = await DoAsync(program, Workflow.CancellationToken);
        await Workflow.WhenAllAsync(background);
        return result;
    }

    [WorkflowSignal("say")]
    public Task SayAsync(string name, string value)
    {
        said.Add((name, value));
        return Task.CompletedTask;
    }

    [WorkflowSignal("do")]
    public async Task DoAsync(Step step) => log.Add(await DoAsync(step, Workflow.CancellationToken));

    [WorkflowUpdate("ask")]
    public async Task<string> AskAsync(Step step)
    {
        var answer = await DoAsync(step, Workflow.CancellationToken);
        said.Add(("asked", answer));
        return $"{Workflow.CurrentUpdateInfo?.Id}:{answer}";
    }

    [WorkflowUpdateValidator(nameof(AskAsync))]
    public void MayAsk(Step step)
    {
        if (step.Text == "no")
        {
            throw new ApplicationFailureException("no", "Rejected");
        }
    }

    [WorkflowQuery("said")]
    public string Said() => string.Join(' ', said.Select(static one => $"{one.Name}={one.Value}"));

    [WorkflowQuery("log")]
    public string Log => string.Join(' ', log);

    [WorkflowQuery("broken")]
    public string Broken() => throw new ApplicationFailureException("no answer", "Unanswerable");

    [WorkflowQuery("writes")]
    public string Writes()
    {
        Workflow.UpsertMemo(new Dictionary<string, object?>(StringComparer.Ordinal) { ["x"] = "y" });
        return "written";
    }

    private async Task<string> DoAsync(Step step, CancellationToken token)
    {
        switch (step.Kind)
        {
            case StepKind.Seq:
                var words = new List<string>();
                foreach (var one in step.Steps)
                {
                    words.Add(await DoAsync(one, token));
                }

                return string.Join(' ', words.Where(static word => word.Length > 0));
            case StepKind.All:
                return $"[{string.Join('|', await Workflow.WhenAllAsync(step.Steps.Select(one => DoAsync(one, token))))}]";
            case StepKind.Any:
                return await await Workflow.WhenAnyAsync(step.Steps.Select(one => DoAsync(one, token)));
            case StepKind.Wait:
                return await WaitAsync(step, token);
            case StepKind.Try:
                return await TryAsync(step, token);
            case StepKind.Shield:
                return await ShieldAsync(step, token);
            case StepKind.CancelWhen:
                return await CancelWhenAsync(step, token);
            case StepKind.Patch:
                return Workflow.Patched(step.Name) ? $"new({await DoAsync(step.Steps[0], token)})" : $"old({await DoAsync(step.Steps[1], token)})";
            case StepKind.Background:
                background.Add(DoAsync(step.Steps[0], token));
                return "";
            case StepKind.ContinueAsNew:
                throw Workflow.CreateContinueAsNewException((Kitchen next) => next.RunAsync(step.Steps[0]), KitchenSteps.Continuation(step));
            case StepKind.Handlers:
                await Workflow.WhenAllAsync(background);
                await Workflow.WaitConditionAsync(static () => Workflow.AllHandlersFinished, token);
                return string.Join(' ', log);
            default:
                return await KitchenSteps.DoAsync(step, token);
        }
    }

    private async Task<string> WaitAsync(Step step, CancellationToken token)
    {
        bool Heard() => said.Count(one => one.Name == step.Name) >= step.Count;
        if (step.Ms is { } ms)
        {
            if (!await Workflow.WaitConditionAsync(Heard, TimeSpan.FromMilliseconds(ms), token))
            {
                return "late";
            }
        }
        else
        {
            await Workflow.WaitConditionAsync(Heard, token);
        }

        return string.Join(',', said.Where(one => one.Name == step.Name).Take(step.Count).Select(static one => one.Value));
    }

    private async Task<string> TryAsync(Step step, CancellationToken token)
    {
        try
        {
            return await DoAsync(Do.Seq(step.Steps), token);
        }
        catch (Exception failure) when (failure is FailureException or OperationCanceledException)
        {
            return Words.Of(failure);
        }
    }

    private async Task<string> ShieldAsync(Step step, CancellationToken token)
    {
        try
        {
            return await DoAsync(step.Steps[0], token);
        }
        catch (Exception failure) when (Workflow.IsCanceled(failure))
        {
            await DoAsync(step.Steps[1], CancellationToken.None);
            throw;
        }
    }

    private async Task<string> CancelWhenAsync(Step step, CancellationToken token)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var work = TryAsync(Do.Seq(step.Steps[0]), stop.Token);
        await DoAsync(step.Steps[1], token);
#pragma warning disable CA1849, MA0042, S6966, VSTHRD103 // CancelAsync leaves the workflow's own thread.
        stop.Cancel();
#pragma warning restore CA1849, MA0042, S6966, VSTHRD103
        return await work;
    }
}

/// <summary>What this process ran of them.</summary>
internal static class KitchenCounts
{
    /// <summary>Objects made: each is a first run or a replay.</summary>
    public static int Instances;
}
