using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Signals and cancels from workflow to workflow.</summary>
internal static class OtherScenarios
{
    public static IEnumerable<Scenario> All { get; } =
    [
        new("other-signalled", "sent 7", async s =>
        {
            var other = await s.StartAsync("/o", Do.Wait("x"));
            return $"{await s.RunAsync(Do.SignalOther($"{s.Id}/o", "x", "7"))} {await Stage.ResultAsync(other)}";
        }),
        new("other-signalled-in-order", "sent sent sent 1,2,3", async s =>
        {
            var other = await s.StartAsync("/o", Do.Wait("x", 3));
            var result = await s.RunAsync(Do.Seq([.. "123".Select(n => Do.SignalOther($"{s.Id}/o", "x", n.ToString()))]));
            return $"{result} {await Stage.ResultAsync(other)}";
        }),
        new("other-signalled-in-parallel", "10", async s =>
        {
            var other = await s.StartAsync("/o", Do.Wait("x", 10));
            await s.RunAsync(Do.All([.. Enumerable.Range(0, 10).Select(n => Do.SignalOther($"{s.Id}/o", "x", $"{n}"))]));
            return (await Stage.ResultAsync(other)).Split(',').Distinct().Count().ToString(System.Globalization.CultureInfo.InvariantCulture);
        }) { Unordered = true },
        new("other-signal-finds-nobody", "failed", async s => (await s.RunAsync(Do.Try(Do.SignalOther($"{s.Id}/nobody", "x", "7")))).Contains("sent", StringComparison.Ordinal) ? "sent" : "failed"),
        new("other-signal-to-itself", "sent 7", s => s.RunAsync(Do.Seq(Do.SignalOther("other-signal-to-itself", "x", "7"), Do.Wait("x")))) { Unordered = true },
        new("other-cancelled", "asked canceled", async s =>
        {
            var other = await s.StartAsync("/o", Do.Wait("never"));
            return $"{await s.RunAsync(Do.CancelOther($"{s.Id}/o"))} {await Stage.ResultAsync(other)}";
        }),
        new("other-cancel-finds-nobody", "failed", async s => (await s.RunAsync(Do.Try(Do.CancelOther($"{s.Id}/nobody")))).Contains("asked", StringComparison.Ordinal) ? "asked" : "failed"),
        new("other-cancels-itself", "canceled", s => s.RunAsync(Do.Seq(Do.CancelOther("other-cancels-itself"), Do.Timer(600_000)))) { Unordered = true },
        new("other-ping-pong", "sent 2 1 sent", async s =>
        {
            var pong = await s.StartAsync("/pong", Do.Seq(Do.Wait("ping"), Do.SignalOther($"{s.Id}/ping", "pong", "2")));
            var ping = await s.StartAsync("/ping", Do.Seq(Do.SignalOther($"{s.Id}/pong", "ping", "1"), Do.Wait("pong")));
            return $"{await Stage.ResultAsync(ping)} {await Stage.ResultAsync(pong)}";
        }) { Unordered = true },
        new("other-signal-survives-the-sender", "sent 7", async s =>
        {
            var other = await s.StartAsync("/o", Do.Wait("x"));
            var result = await s.RunAsync(Do.Seq(Do.SignalOther($"{s.Id}/o", "x", "7")));
            return $"{result} {await Stage.ResultAsync(other)}";
        }),
    ];
}
