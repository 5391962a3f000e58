using System.Collections.Immutable;
using System.Text.Json;
using Svom.Hosting;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Support;

namespace Svom.Unit.Packets;

/// <summary>Two runs against each other: over REST and as the command, by the same rules.</summary>
public sealed class RunComparisonTests : IDisposable
{
    private const string Burst = "sb26030101";
    private const string Notice = "sb26030101_grm-trigger";
    private const string Title = "xml/VOEvent/Who/Author/title";
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 4, 13, 22, TimeSpan.Zero);
    private static readonly ReplayReport Plain = Report([new(Burst, "active", [new(Notice, true, "x1", "j1")])]);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Two_runs_that_came_out_the_same_have_no_differences() => Assert.Empty(RunComparison.Differences(Plain, Plain));

    [Fact]
    public void What_only_one_run_found_to_differ_from_the_record_is_as_recorded_in_the_other()
    {
        var other = Report([new(Burst, "active", [new(Notice, true, "x2", "j1")])], Field(Title, "SVOM", "Another centre"));
        var there = Assert.Single(RunComparison.Differences(Plain, other));
        Assert.Equal((Burst, Notice, Title, "SVOM", "Another centre"), (there.Burst, there.Notice, there.Field, there.Before, there.After));
        var back = Assert.Single(RunComparison.Differences(other, Plain));
        Assert.Equal(("Another centre", "SVOM"), (back.Before, back.After));
    }

    [Fact]
    public void Two_runs_that_differ_from_the_record_in_the_same_way_do_not_differ()
    {
        var one = Report([new(Burst, "active", [new(Notice, true, "x2", "j1")])], Field(Title, "SVOM", "Another centre"));
        Assert.Empty(RunComparison.Differences(one, one));
        var two = Report([new(Burst, "active", [new(Notice, true, "x3", "j1")])], Field(Title, "SVOM", "A third centre"));
        var difference = Assert.Single(RunComparison.Differences(one, two));
        Assert.Equal(("Another centre", "A third centre"), (difference.Before, difference.After));
    }

    [Fact]
    public void Bursts_states_and_notices_of_one_run_alone_are_listed()
    {
        var other = Report([new(Burst, "retracted", [new("sb26030101_eclairs-wakeup", false, "x9", "j9")]), new("sb26030102", "active", [])]) with { Packets = 5 };
        Assert.Equal(
            [("packets", "4", "5"), ("state", "active", "retracted"), ("notice", null, "held"), ("notice", "sent", null), ("burst", null, "opened")],
            RunComparison.Differences(Plain, other).Select(static difference => (difference.Field, difference.Before, difference.After)));
    }

    [Fact]
    public void A_notice_that_is_held_in_one_run_and_sent_in_the_other_says_so()
    {
        var held = Report([new(Burst, "active", [new(Notice, false, "x1", "j1")])], Field("sent", "sent", "held: too weak"));
        var difference = Assert.Single(RunComparison.Differences(Plain, held));
        Assert.Equal(("sent", "sent", "held: too weak"), (difference.Field, difference.Before, difference.After));
    }

    [Fact]
    public void Where_the_fields_are_not_known_the_notice_is_listed_all_the_same()
    {
        var cut = Report([new(Burst, "active", [new(Notice, true, "x2", "j1")])], Field(Title, "SVOM", "Another centre")) with { DifferencesFound = 7 };
        var difference = Assert.Single(RunComparison.Differences(Plain, cut), static difference => difference.Notice is not null);
        Assert.Equal(("content", null, null), (difference.Field, difference.Before, difference.After));
    }

    [Fact]
    public void A_notice_that_no_record_knows_is_compared_by_what_each_run_says_itself()
    {
        static ReplayReport Made(string digest, params (string Field, string Value)[] says) => Report(
            [new(Burst, "active", [new(Notice, true, digest, "j1", says.ToImmutableSortedDictionary(static field => field.Field, static field => field.Value))])],
            new ReplayDifference(Burst, Notice, "notice", null, "sent", "It is made now."));
        var (one, other) = (Made("x1", (Title, "SVOM"), ("sent", "sent")), Made("x2", (Title, "Another centre"), ("sent", "sent"), ("json/trigger", "7")));
        Assert.Equal(
            [("json/trigger", null, "7"), (Title, "SVOM", "Another centre")], RunComparison.Differences(one, other).Select(static difference => (difference.Field, difference.Before, difference.After)));
        Assert.Empty(RunComparison.Differences(one, Made("x1", (Title, "SVOM"), ("sent", "sent"))));
    }

    [Fact]
    public void An_act_that_only_one_run_refuses_is_a_difference()
    {
        var refused = Report(Plain.Results, new ReplayDifference(Burst, null, "act", "retract", "It is closed.", "sb26030101: act retract (k) is refused now: It is closed."));
        var difference = Assert.Single(RunComparison.Differences(Plain, refused));
        Assert.Equal((Burst, "act", null, "It is closed."), (difference.Burst, difference.Field, difference.Before, difference.After));
    }

    [Fact]
    public void Bursts_beyond_the_end_of_a_cut_report_are_not_held_to_be_missing()
    {
        var cut = Report([new("sb26030101", "active", [])]) with { Bursts = 2 };
        var whole = Report([new("sb26030101", "active", []), new("sb26030102", "active", [])]);
        Assert.Equal(["bursts"], RunComparison.Differences(cut, whole).Select(static difference => difference.Field));
    }

    [Fact]
    public void Replays_of_other_scope_or_without_a_report_are_not_compared()
    {
        var done = View("a", new(ReplayMode.Replay, "drill"), Plain);
        Assert.Null(RunComparison.Fault(done, View("b", new(ReplayMode.Replay, "drill", Speed: 60), Plain)));
        Assert.Equal(RefusalCode.NotPossibleNow, RunComparison.Fault(done, View("b", new(ReplayMode.Replay, "drill"), null))!.Code);
        foreach (var request in new ReplayRequest[] { new(ReplayMode.Resimulation, "drill"), new(ReplayMode.Replay), new(ReplayMode.Replay, "drill", From: Time), new(ReplayMode.Replay, Burst: Burst) })
        {
            var fault = RunComparison.Fault(done, View("b", request, Plain))!;
            Assert.Equal(RefusalCode.Invalid, fault.Code);
            Assert.Contains("a is a replay of session drill", fault.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_command_compares_reports_as_it_wrote_them_and_as_the_door_did()
    {
        var other = Report([new(Burst, "retracted", [new(Notice, true, "x2", "j1")])], Field(Title, "SVOM", "Another centre"));
        Assert.Equal((0, "The runs came out the same.\n"), await CompareAsync(Plain, Plain));
        var (code, text) = await CompareAsync(Plain, new { id = "b", mode = "replay", session = (string?)null, report = other });
        Assert.Equal(ReplayCommand.Differs, code);
        Assert.Equal(
            "sb26030101: stands as active, then as retracted\n"
            + $"sb26030101: {Notice}, {Title} is SVOM, then Another centre\n2 differences.\n", text);
    }

    [Fact]
    public async Task The_command_refuses_replays_of_different_scope_and_files_that_are_no_reports()
    {
        var drill = new { id = "a", mode = "replay", session = "drill", report = Plain };
        Assert.Contains("different things", (await Assert.ThrowsAsync<CannotStartException>(() => CompareAsync(drill, new { id = "b", mode = "resimulation", session = "drill", report = Plain }))).Message, StringComparison.Ordinal);
        Assert.Equal(0, (await CompareAsync(drill, new { id = "b", mode = "replay", session = "drill", speed = 60, report = Plain })).Code);
        foreach (var bad in new object[] { "no report", new { id = "b", report = (object?)null }, new { packets = 1 }, Plain with { Results = [new(Burst, "active", []), new(Burst, "active", [])] }, new[] { 1 } })
        {
            Assert.StartsWith("b.json", (await Assert.ThrowsAsync<CannotStartException>(() => CompareAsync(Plain, bad))).Message, StringComparison.Ordinal);
        }
    }

    private async Task<(int Code, string Text)> CompareAsync(object first, object second)
    {
        var files = new[] { ("a.json", first), ("b.json", second) }.Select(file => (new FileInfo(Path.Combine(folder.Path, file.Item1)), file.Item2)).ToArray();
        foreach (var (file, content) in files)
        {
            await File.WriteAllBytesAsync(file.FullName, JsonSerializer.SerializeToUtf8Bytes(content, CompareCommand.Json), TestContext.Current.CancellationToken);
        }

        await using var output = new StringWriter { NewLine = "\n" };
        return (await CompareCommand.RunAsync(files[0].Item1, files[1].Item1, output, TestContext.Current.CancellationToken), output.ToString());
    }

    private static ReplayReport Report(ImmutableArray<ReplayedBurst> bursts, params ReplayDifference[] differences) =>
        new(4, bursts.Length, bursts.Sum(static burst => burst.Notices.Length), [.. differences], differences.Length, bursts);

    private static ReplayDifference Field(string field, string recorded, string now) => new(Burst, Notice, field, recorded, now, $"{field} is {now}, recorded {recorded}");

    private static ReplayView View(string id, ReplayRequest request, ReplayReport? report) =>
        new(id, request, "tester", Time, report is null ? ReplayStatus.Running : ReplayStatus.Done, 1, null, null, report, null);
}
