using System.Globalization;
using System.Text.Json.Nodes;

namespace Svom.Workflows;

/// <summary>A column of a table; a line without a value leaves its cell empty, and a column without values is left out.</summary>
internal sealed record WorkflowColumn(string Head, Func<JsonObject, string?> Value);

/// <summary>A table of some measurements.</summary>
internal sealed record WorkflowSection(string Title, string[] Benches, params WorkflowColumn[] Columns);

/// <summary>The tables, and how their cells are read from a line.</summary>
internal static class WorkflowSections
{
    private static readonly WorkflowColumn Rate = new("workflows/s", Of("wf_per_s"));
    private static readonly WorkflowColumn Half = new("p50 ms", Of("p50_ms"));
    private static readonly WorkflowColumn Slow = new("p99 ms", Of("p99_ms"));
    private static readonly WorkflowColumn Syncs = new("syncs/wf", Of("syncs_per_wf"));
    private static readonly WorkflowColumn Others = new("others' CPU s", Of("cpu_others_s"));

    public static IReadOnlyList<WorkflowSection> All { get; } =
    [
        new("Ten steps", ["steps10"],
            Rate, new("steps/s", Of("steps_per_s")), Half, Slow, new("CPU ms/wf", CpuEach),
            new("appends/wf", Of("appends_per_wf")), new("commits/wf", Of("commits_per_wf")), Syncs, Others),
        new("Start, signal at once, result", ["signal_full"], Rate, Half, Slow, Syncs, Others),
        new("Signal to a workflow that waits: from sending to the result", ["signal_wake"], Half, Slow, Others),
        new("Sleep of 100 ms", ["sleep100"],
            new("late p50 ms", Of("late_p50_ms")), new("late p99 ms", Of("late_p99_ms")), new("latest ms", Of("late_max_ms")),
            new("start to result p50 ms", Of("e2e_p50_ms")), new("start to result p99 ms", Of("e2e_p99_ms")), Others),
        new("Asleep for an hour", ["idle10k", "idle1m"],
            new("asleep", Of("n")), new("accepted in s", Of("accept_s")), new("MiB added per 10,000", Of("delta_MiB_per_10k")),
            new("MiB in all", static line => Sum(line, "", "_pss_MiB")), new("most MiB", Of("pss_MiB_most")), new("disk MiB", Of("disk_delta_MiB")),
            new("CPU s until 20 s after", static line => Sum(line, "start_cpu_", "_s")), new("CPU % while asleep", static line => Sum(line, "idle_cpu_", "_pct")),
            new("CPU % three minutes later", static line => Sum(line, "later_cpu_", "_pct"))),
        new("Killed with 1,000 under way", ["crash1000"],
            new("victim", Of("victim")), new("workflows", Of("n")), new("kill to all done s", Of("kill_to_all_done_s")),
            new("restart to half done s", Of("restart_to_p50_done_s")), new("finished", Of("finished")), new("lost", Of("lost")),
            new("wrong results", Of("wrong_result")), new("step bodies run twice", Of("step_duplicates")), new("steps missing", Of("steps_missing"))),
    ];

    private static Func<JsonObject, string?> Of(string field) => line => Text(line, field);

    public static string? Text(JsonObject line, string field) =>
        line[field] is not { } value ? null : value.GetValueKind() is System.Text.Json.JsonValueKind.Number ? value.ToJsonString() : value.ToString();

    public static double Number(JsonObject line, string field) => line[field]?.GetValue<double>() ?? 0;

    /// <summary>CPU in ms of all processes of the engine and of its load, for one workflow.</summary>
    private static string? CpuEach(JsonObject line) => Sum(line, "cpu_", "_s", 1_000 / Number(line, "n"));

    /// <summary>All fields of one kind together: of the platform, of its database, of the load.</summary>
    private static string? Sum(JsonObject line, string prefix, string suffix, double scale = 1)
    {
        var values = line.Where(field => field.Key != "cpu_others_s" && field.Key.StartsWith(prefix, StringComparison.Ordinal) && field.Key.EndsWith(suffix, StringComparison.Ordinal))
            .Select(static field => field.Value!.GetValue<double>()).ToArray();
        return values.Length == 0 ? null : Math.Round(scale * values.Sum(), 2).ToString(CultureInfo.InvariantCulture);
    }
}
