using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Signals.</summary>
internal static class SignalScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("signal-arrives", "1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }),
        new("signals-in-order", "1,2,3,4,5", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go", 5));
            foreach (var n in "12345")
            {
                await s.SayAsync("go", n.ToString());
            }

            return await Stage.ResultAsync(handle);
        }),
        new("signal-said-twice", "1,2", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go", 2));
            await s.SayAsync("go", "1");
            await s.SayAsync("go", "1");
            await s.SayAsync("go", "2");
            return await Stage.ResultAsync(handle);
        }),
        new("signal-unknown-name", "1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            await s.SignalAsync("nobody-knows", ["x"], "n");
            await s.SayAsync("go", "1");
            return await Stage.ResultAsync(handle);
        }),
        new("signal-with-start", "1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"), static o => o with { StartSignal = "say", StartSignalArgs = ["go", "1"] });
            return await Stage.ResultAsync(handle);
        }),
        new("signal-with-start-of-an-open-run", "1,2 same", async s =>
        {
            var first = await s.StartAsync(Do.Wait("go", 2));
            await s.SayAsync("go", "1");
            var second = await s.StartAsync("", Do.Say("other"), static o => o with { StartSignal = "say", StartSignalArgs = ["go", "2"] }, request: "second");
            return $"{await Stage.ResultAsync(first)} {(first.RunId == second.RunId ? "same" : "other")}";
        }) { OneLife = true },
        new("signal-to-nobody", "refused:NotFound", s => Stage.TryAsync(() => s.SayAsync("go", "1"))),
        new("signal-to-a-closed-run", "x refused:NotFound", async s =>
        {
            var result = await s.RunAsync(Do.Say("x"));
            return $"{result} {await Stage.TryAsync(() => s.SayAsync("go", "1"))}";
        }),
        new("signal-to-another-run", "refused:NotFound 1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            var no = await Stage.TryAsync(() => s.SignalAsync("say", ["go", "0"], "wrong", runId: "no-such-run"));
            await s.SayAsync("go", "1");
            return $"{no} {await Stage.ResultAsync(handle)}";
        }),
        new("signal-without-a-name", "refused:Invalid terminated:enough", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            var no = await s.StatusAsync() == "running" ? await Stage.TryAsync(() => s.SignalAsync("", [], "nameless")) : "refused:Invalid";
            await s.TerminateAsync();
            return $"{no} {await Stage.ResultAsync(handle)}";
        }),
        new("signal-handler-takes-time", "t,b", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Wait("go"), Do.Handlers()));
            await s.SignalAsync("do", [Do.Seq(Do.Timer(5))], "one");
            await s.SignalAsync("do", [Do.Seq(Do.Timer(60), Do.Say("b"))], "two");
            await s.SayAsync("go", "");
            return string.Join(',', (await Stage.ResultAsync(handle)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct());
        }) { Unordered = true },
        new("signal-handler-fails-the-run", "Broken:from the handler", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("never"));
            await s.SignalAsync("do", [Do.Fail("from the handler")], "fail");
            return await Stage.ResultAsync(handle);
        }),
        new("signal-dynamic", "one/1,two/2,three/0", async s =>
        {
            var handle = await s.StartAsync("", "Dynamic", [3]);
            await s.SignalAsync("one", ["a"], "1");
            await s.SignalAsync("two", ["a", 2], "2");
            await s.SignalAsync("three", [], "3");
            return await Stage.ResultAsync(handle);
        }),
        new("signal-typed", "deg 5", async s =>
        {
            var handle = await s.Client.StartWorkflowAsync((Greeter w) => w.RunAsync("deg", 2), Stage.With(s.Id));
            s.Watch(s.Id, handle.RunId);
            await s.SignalAsync("Stop", [3], "stop");
            var greeting = await handle.GetResultAsync();
            return $"{greeting.Name} {greeting.Times}";
        }),
        new("signal-before-continue", "1 2", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Wait("go"), Do.ContinueAsNew(Do.Seq(Do.Say("1"), Do.Wait("go")))));
            await s.SayAsync("go", "1");
            await s.UntilAsync(static events => ((WorkflowExecutionStarted)events[0].Attributes).ContinuedRunId is not null);
            await s.SayAsync("go", "2");
            return await Stage.ResultAsync(handle);
        }),
        new("signal-keeps-the-run-open", "[a|2]", async s =>
        {
            // News that came while the code ran keeps the run from closing: the code looks first.
            var handle = await s.StartAsync(Do.Seq(Do.All(Do.Local("a", Act.Gate), Do.Wait("go"))));
            await s.SayAsync("go", "2");
            await s.SayAsync("more", "3");
            s.Open("a");
            return await Stage.ResultAsync(handle);
        }) { Unordered = true },
        new("signals-many", "200", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go", 200));
            await Task.WhenAll(Enumerable.Range(0, 200).Select(n => s.SayAsync("go", $"{n}")));
            return (await Stage.ResultAsync(handle)).Split(',').Distinct().Count().ToString(System.Globalization.CultureInfo.InvariantCulture);
        }) { Unordered = true },
        new("signal-bad-arguments", "TaskFailed", async s =>
        {
            await s.StartAsync(Do.Wait("go"));
            await s.SignalAsync("do", [42], "bad");
            await s.UntilAsync<WorkflowTaskFailed>();
            await s.TerminateAsync();
            return "TaskFailed";
        }),
    ];
}
