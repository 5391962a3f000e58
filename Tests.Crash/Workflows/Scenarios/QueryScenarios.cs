using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Queries: they see, and leave no trace.</summary>
internal static class QueryScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("query-open", "a=1 1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            await s.SayAsync("a", "1");
            var said = await s.QueryAsync("said");
            await s.SayAsync("go", "1");
            return $"{said.Replace(" go=1", "", StringComparison.Ordinal)} {await Stage.ResultAsync(handle)}";
        }),
        new("query-closed", "go=1 1", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            await s.SayAsync("go", "1");
            var result = await Stage.ResultAsync(handle);
            return $"{await s.QueryAsync("said")} {result}";
        }),
        new("query-terminated", "go=1", async s =>
        {
            await s.StartAsync(Do.Wait("go", 2));
            await s.SayAsync("go", "1");
            await s.TerminateAsync();
            return await s.QueryAsync("said");
        }),
        new("query-failed-run", "go=1", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Wait("go"), Do.Fail("x")));
            await s.SayAsync("go", "1");
            await Stage.ResultAsync(handle);
            return await s.QueryAsync("said");
        }),
        new("query-property", "b", async s =>
        {
            var handle = await s.StartAsync(Do.Seq(Do.Wait("go"), Do.Handlers()));
            await s.SignalAsync("do", [Do.Say("b")], "do");
            await s.SayAsync("go", "");
            await Stage.ResultAsync(handle);
            return await s.QueryAsync("log");
        }),
        new("query-fails", "query(Unanswerable:no answer)", async s =>
        {
            await s.RunAsync(Do.Say("x"));
            return await s.QueryAsync("broken");
        }),
        new("query-unknown", "query(QueryNotFound:", async s =>
        {
            await s.RunAsync(Do.Say("x"));
            return (await s.QueryAsync("nothing"))[..20];
        }),
        new("query-of-no-workflow", "refused:NotFound", s => s.QueryAsync("said")),
        new("query-of-another-run", "refused:NotFound", async s =>
        {
            await s.RunAsync(Do.Say("x"));
            return await s.QueryAsync("said", runId: "no-such-run");
        }),
        new("query-that-writes", "refused", async s =>
        {
            await s.RunAsync(Do.Say("x"));
            return (await s.QueryAsync("writes")).StartsWith("query(", StringComparison.Ordinal) ? "refused" : "written";
        }),
        new("query-while-activity-runs", "x=1 a", async s =>
        {
            var handle = await s.StartAsync(Do.Activity("a", Act.Gate));
            await s.UntilWaitsAsync("runs since");
            if (await s.StatusAsync() == "running")
            {
                await s.SayAsync("x", "1");
            }

            var said = await s.QueryAsync("said");
            s.Open("a");
            return $"{said} {await Stage.ResultAsync(handle)}";
        }) { Unordered = true },
        new("query-typed", "deg", async s =>
        {
            var handle = await s.Client.StartWorkflowAsync((Greeter w) => w.RunAsync("deg", 2), Stage.With(s.Id));
            s.Watch(s.Id, handle.RunId);
            var name = await handle.QueryAsync(w => w.Name);
            await s.SignalAsync("Stop", [3], "stop");
            await handle.GetResultAsync();
            return name;
        }),
        new("query-leaves-no-trace", "same", async s =>
        {
            var handle = await s.StartAsync(Do.Wait("go"));
            var before = (await handle.DescribeAsync()).HistoryLength;
            for (var n = 0; n < 5; n++)
            {
                await s.QueryAsync("said");
            }

            var after = (await handle.DescribeAsync()).HistoryLength;
            await s.SayAsync("go", "1");
            await Stage.ResultAsync(handle);
            return before == after ? "same" : $"{before} {after}";
        }),
        new("query-of-a-broken-workflow", "fails", async s =>
        {
            await s.StartAsync(Do.Break("here"));
            await s.UntilAsync<WorkflowTaskFailed>();
            var answer = await s.QueryAsync("said");
            await s.TerminateAsync();
            return answer.StartsWith("query(", StringComparison.Ordinal) || answer.Length == 0 ? "fails" : answer;
        }),
    ];
}
