using System.Collections.Immutable;
using System.Text;

namespace Svom.Workflows;

/// <summary>Things to ask for, with all that doesn't matter filled in.</summary>
internal static class Ask
{
    public static readonly ImmutableSortedDictionary<string, Payload> None = ImmutableSortedDictionary<string, Payload>.Empty;

    public static StartRequest Start(
        string requestId = "start-1", WorkflowIdReusePolicy reuse = WorkflowIdReusePolicy.AllowDuplicate, WorkflowIdConflictPolicy conflict = WorkflowIdConflictPolicy.Fail,
        double? execution = null, double? run = null, RetryPolicy? retry = null, double? delay = null, ParentReference? parent = null) =>
        new(
            requestId, "FollowBurst", "science", [Payload("burst")], Seconds(execution), Seconds(run), null, reuse, conflict, retry, Seconds(delay), parent, "scientist",
            None, None, None);

    public static Signal Signal(string name = "news", string? request = null) => new(name, [Payload(name)], "station", None, request);

    public static ScheduleActivityTask Activity(
        string id = "a", double? all = null, double? toStart = null, double? attempt = null, double? beat = null, RetryPolicy? retry = null) =>
        new(id, "MakeSkyMap", "", [], new(Seconds(all), Seconds(toStart), Seconds(all is null ? attempt ?? 60 : attempt), Seconds(beat)), retry, None);

    public static StartTimer Timer(string id = "t", double seconds = 60) => new(id, TimeSpan.FromSeconds(seconds));

    public static RecordMarker Marker(string name = "Version") => new(name, ImmutableSortedDictionary<string, ImmutableArray<Payload>>.Empty, None);

    public static StartChildWorkflow Child(string id = "child-1", ParentClosePolicy policy = ParentClosePolicy.Terminate) =>
        new("", id, "Notify", "", [], null, null, null, policy, WorkflowIdReusePolicy.AllowDuplicate, null, None, None, None);

    public static SignalExternalWorkflow Outward(string id = "other-1", bool childOnly = false) => new("", id, null, "hint", [], childOnly, None);

    public static RequestCancelExternalWorkflow CancelOther(string id = "other-1", bool childOnly = false) => new("", id, null, childOnly, "enough");

    public static CompleteWorkflow Complete() => new([Payload("done")]);

    public static FailWorkflow FailRun(Failure? failure = null) => new(failure ?? Failure());

    public static ContinueAsNew Next(double? backoff = null) => new("", "", [Payload("next")], null, null, Seconds(backoff), null, null, null, None);

    public static UpdateRequest Update(string id = "u") => new(id, "correct", [Payload("position")], "scientist", None);

    public static RequestCancel Cancel(string? request = null) => new("enough", "scientist", request);

    public static Terminate Terminate() => new("enough", [], "scientist");

    public static Failure Failure(string type = "Silence") => new ApplicationFailure("No station hears it.", type, NonRetryable: false, []);

    public static Payload Payload(string text) =>
        new(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("encoding", Encoding.UTF8.GetBytes("plain")), Encoding.UTF8.GetBytes(text));

    private static TimeSpan? Seconds(double? seconds) => seconds is { } number ? TimeSpan.FromSeconds(number) : null;
}
