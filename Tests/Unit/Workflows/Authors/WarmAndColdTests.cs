using CsCheck;

namespace Svom.Workflows;

public sealed class WarmAndColdTests
{
    private static readonly ActivityOptions Minute = new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) };

    /// <summary>Code that goes where random numbers, signals, updates and results lead it, and uses all that there is.</summary>
    private static async Task KitchenSinkAsync(Scripted self, int seed, int length)
    {
        var choice = new DeterministicRandom($"{seed}");
        var go = 0;
        self.OnSay = async word =>
        {
            go++;
            if (word.Length > 3)
            {
                self.Heard.Add(await GuardedAsync(() => Workflow.ExecuteActivityAsync<string>("OfSignal", [word], Minute)));
            }
        };
        self.OnChange = async word =>
        {
            go++;
            if (word.Length > 2)
            {
                await GuardedAsync(async () => { await Workflow.DelayAsync(TimeSpan.FromSeconds(word.Length)); return ""; });
            }

            return word.Length > 4 ? throw new ApplicationFailureException("too long", "Long") : word;
        };
        for (var step = 0; step < length; step++)
        {
            self.Heard.Add(await StepAsync(self, choice, step, () => go, 0));
        }
    }

    private static Task<string> StepAsync(Scripted self, Random choice, int step, Func<int> go, int depth)
    {
        var type = $"Act{step}";
        switch (choice.Next(depth > 1 ? 12 : 15))
        {
            case 0:
                return GuardedAsync(() => Workflow.ExecuteActivityAsync<string>(type, [step], Minute));
            case 1:
                return GuardedAsync(() => Workflow.ExecuteLocalActivityAsync<string>(type, [step], new()));
            case 2:
                return GuardedAsync(async () => { await Workflow.DelayAsync(TimeSpan.FromSeconds(step + 1)); return "slept"; });
            case 3:
                var before = go();
                return GuardedAsync(async () => $"{await Workflow.WaitConditionAsync(() => go() > before, TimeSpan.FromSeconds(5))}");
            case 4:
                return Task.FromResult($"{Workflow.Patched($"p{choice.Next(3)}")}");
            case 5:
                return Task.FromResult($"{Workflow.SideEffect(static () => 7)}");
            case 6:
                return Task.FromResult($"{Workflow.NewGuid()} {Workflow.Random.Next(100)} {Workflow.UtcNow:O}");
            case 7:
                Workflow.UpsertMemo(new Dictionary<string, object?> { [$"m{step}"] = step });
                return Task.FromResult("memo");
            case 8:
                return GuardedAsync(() => Workflow.ExecuteChildWorkflowAsync<string>("child", [step], new() { CancellationType = (ChildWorkflowCancellationType)choice.Next(4) }));
            case 9:
                return CanceledAsync((ActivityCancellationType)choice.Next(3), choice.Next(2) == 0, step);
            case 10:
                return GuardedAsync(async () => { await Workflow.DelayAsync(TimeSpan.FromSeconds(1)); return $"{Workflow.CurrentHistoryLength} {Workflow.AllHandlersFinished}"; });
            case 11:
                return CanceledLocalAsync(choice.Next(2) == 0 ? ActivityCancellationType.TryCancel : ActivityCancellationType.WaitCancellationCompleted, step);
            case 12:
                var (one, other) = (StepAsync(self, choice, (step * 10) + 1, go, depth + 1), StepAsync(self, choice, (step * 10) + 2, go, depth + 1));
                return GuardedAsync(async () => string.Join('+', await Workflow.WhenAllAsync(one, other)));
            case 13:
                var (left, right) = (StepAsync(self, choice, (step * 10) + 3, go, depth + 1), StepAsync(self, choice, (step * 10) + 4, go, depth + 1));
                return GuardedAsync(async () => await await Workflow.WhenAnyAsync(left, right));
            default:
                return Workflow.RunTaskAsync(() => StepAsync(self, choice, (step * 10) + 5, go, depth + 1));
        }
    }

    private static async Task<string> GuardedAsync(Func<Task<string>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception exception) when (exception is FailureException or OperationCanceledException)
        {
            return exception.GetType().Name;
        }
    }

    private static async Task<string> CanceledAsync(ActivityCancellationType type, bool atOnce, int step)
    {
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
        var activity = GuardedAsync(() => Workflow.ExecuteActivityAsync<string>($"Act{step}", [], Minute with { CancellationToken = scope.Token, CancellationType = type }));
        if (!atOnce)
        {
            await GuardedAsync(static async () => { await Workflow.DelayAsync(TimeSpan.FromSeconds(2)); return ""; });
        }

        Scripted.Stop(scope);
        return await activity;
    }

    private static async Task<string> CanceledLocalAsync(ActivityCancellationType type, int step)
    {
        using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
        var slow = GuardedAsync(() => Workflow.ExecuteLocalActivityAsync<string>($"Slow{step}", [], new() { CancellationToken = scope.Token, CancellationType = type }));
        await GuardedAsync(() => Workflow.ExecuteLocalActivityAsync<string>($"Quick{step}", [], new()));
        Scripted.Stop(scope);
        return await slow;
    }

    /// <summary>The world around the run: gives it news in an order of its own.</summary>
    private static void Live(FakeServer server, DeterministicRandom world, int seed)
    {
        for (var turn = 0; turn < 400; turn++)
        {
            server.Now = server.Now.AddSeconds(world.Next(5));
            var updates = new UpdateRequest[world.Next(4) == 0 ? world.Next(1, 3) : 0];
            for (var i = 0; i < updates.Length; i++)
            {
                updates[i] = FakeServer.Update($"u{turn}-{i}", "Change", world.Next(3) == 0 ? "no" : new string('x', world.Next(1, 6)));
            }

            Ran(server, updates.Length == 0 ? server.Task() : server.Task(updates), seed);
            while (server.LastTurn!.Waits && server.Locals.Count > 0)
            {
                if (world.Next(8) == 0)
                {
                    News(server, world); // Waits in the buffer.
                }

                if (world.Next(10) == 0 && updates.Length == 0)
                {
                    Ran(server, server.Crash(), seed);
                    continue;
                }

                var sequence = server.Locals.Keys.ElementAt(world.Next(server.Locals.Count));
                var failure = world.Next(4) == 0 ? new ApplicationFailure("no", "No", NonRetryable: true, []) : null;
                Ran(server, server.EndLocal(sequence, "local", failure), seed);
            }

            if (IsClosed(server))
            {
                return;
            }

            for (var news = world.Next(1, 3); news > 0; news--)
            {
                News(server, world);
            }

            if (world.Next(10) == 0)
            {
                server.Forget();
            }
        }
    }

    private static bool IsClosed(FakeServer server) =>
        server.History.Exists(static at => at.Attributes is WorkflowExecutionCompleted or WorkflowExecutionFailed or WorkflowExecutionCanceled);

    private static void Ran(FakeServer server, TaskTurn turn, int seed) => Assert.True(turn.Failed is null, $"Seed {seed}: {turn.Failed?.Failure.Message} {turn.Failed?.Failure.StackTrace}");

    private static void News(FakeServer server, DeterministicRandom world)
    {
        switch (world.Next(10))
        {
            case 0:
                server.Signal("Say", world.Next(2) == 0 ? "go" : "longer");
                break;
            case 1 when world.Next(8) == 0 && !server.History.Exists(static at => at.Attributes is WorkflowExecutionCancelRequested):
                server.Cancel();
                break;
            case 2 or 3 or 4 when server.OpenTimers.Any():
                server.Fire(server.OpenTimers.ElementAt(world.Next(server.OpenTimers.Count())));
                break;
            case 5 when server.OpenChildren.Any():
                server.AdvanceChild(server.OpenChildren.ElementAt(world.Next(server.OpenChildren.Count())));
                break;
            default:
                if (server.OpenActivities.Any())
                {
                    var activity = server.OpenActivities.ElementAt(world.Next(server.OpenActivities.Count()));
                    server.EndActivity(activity, world.Next(4));
                }

                break;
        }
    }

    [Fact] // Property: the server compares at each task; at the end, a fresh instance reads the whole history.
    public void A_fresh_instance_wants_what_the_warm_one_wants() => Gen.Int.Sample(static seed =>
    {
        using var server = Scripted.Start(self => KitchenSinkAsync(self, seed, 8));
        Live(server, new($"world {seed}"), seed);
        if (!IsClosed(server))
        {
            return; // It waits for a signal, or was unlucky.
        }

        var words = server.Ask<string[]>("Words");
        server.Forget();
        server.Compares = false;
        server.Begin();
        Ran(server, server.LastTurn!, seed);
        Assert.Equal(words, server.Ask<string[]>("Words"));
    }, iter: 100, print: static seed => $"seed {seed}");
}
