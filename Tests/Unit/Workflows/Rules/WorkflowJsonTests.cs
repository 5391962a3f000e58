using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Svom.Support;

namespace Svom.Workflows;

public sealed class WorkflowJsonTests
{
    private static readonly Type[] Roots =
        [typeof(WorkflowRecord), typeof(EventAttributes), typeof(Failure), typeof(WorkflowInput), typeof(WorkflowMessage), typeof(Command), typeof(TaskOutcome), typeof(UpdateMessage)];

    public static TheoryData<string, bool> Kinds
    {
        get
        {
            var kinds = new TheoryData<string, bool>();
            foreach (var kind in Roots.SelectMany(SampleOf.Kinds).Select(static type => type.Name))
            {
                kinds.Add(kind, true);
                kinds.Add(kind, false);
            }

            return kinds;
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Every_kind_reads_back_as_written(string kind, bool bare)
    {
        var root = Roots.First(root => SampleOf.Kinds(root).Any(type => type.Name == kind));
        var sample = SampleOf.Make(SampleOf.Kinds(root).First(type => type.Name == kind), bare);
        foreach (var json in (WorkflowJson[])[WorkflowJson.Default, WorkflowJson.Stored])
        {
            var written = JsonSerializer.Serialize(sample, json.GetTypeInfo(root)!);
            var read = JsonSerializer.Deserialize(written, json.GetTypeInfo(root)!);
            SampleOf.Same(sample, read, kind);
            Assert.Equal(written, JsonSerializer.Serialize(read, json.GetTypeInfo(root)!));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_was_not_said_is_not_written(string kind, bool bare)
    {
        var root = Roots.First(root => SampleOf.Kinds(root).Any(type => type.Name == kind));
        var written = JsonSerializer.SerializeToNode(SampleOf.Make(SampleOf.Kinds(root).First(type => type.Name == kind), bare), WorkflowJson.Default.GetTypeInfo(root)!);
        Assert.True(HoldsNoNull(written), written!.ToJsonString());
    }

    [Fact] // The names stand in stored records: a new kind is added here, an old name never changes.
    public void Every_kind_has_its_name_for_ever()
    {
        foreach (var root in Roots)
        {
            var named = root.GetCustomAttributes<JsonDerivedTypeAttribute>().ToDictionary(static one => one.DerivedType, static one => (string)one.TypeDiscriminator!);
            Assert.Equal(SampleOf.Kinds(root).Select(static type => type.Name), named.Keys.Select(static type => type.Name).Order(StringComparer.Ordinal));
            Assert.All(named, static one => Assert.Equal(char.ToLowerInvariant(one.Key.Name[0]) + one.Key.Name[1..], one.Value));
            Assert.Equal(named.Count, named.Values.Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Fact] // Golden: one of each kind that may stand in a store, with everything said. What is written there must be read for ever.
    public void Stored_kinds_keep_their_form()
    {
        var lines = new[] { typeof(WorkflowRecord), typeof(EventAttributes), typeof(Failure), typeof(WorkflowMessage) }.SelectMany(static root =>
            SampleOf.Kinds(root).Select(kind => JsonSerializer.Serialize(SampleOf.Make(kind, bare: false), WorkflowJson.Stored.GetTypeInfo(root)!)));
        GoldenFile.Matches("workflow-records.jsonl", string.Join('\n', lines) + "\n");
    }

    [Fact] // Golden: stored records look like this.
    public void A_record_is_written_as_the_store_knows_it() => Assert.Equal(
        """{"$type":"eventRecorded","event":{"id":5,"time":"2026-04-21T12:00:00+00:00","attributes":{"$type":"timerStarted","timerId":"t","startToFire":"00:01:00","taskCompletedEventId":4}}}""",
        JsonSerializer.Serialize(RunStory.Of(Ask.Timer()).Last.Records[1], WorkflowJson.Stored.WorkflowRecord));

    [Fact]
    public void A_long_chain_of_causes_reads_back()
    {
        var failure = Ask.Failure();
        for (var n = 0; n < 200; n++)
        {
            failure = new ServerFailure($"cause {n}", NonRetryable: false, Cause: failure);
        }

        SampleOf.Same(failure, JsonSerializer.Deserialize(JsonSerializer.Serialize(failure, WorkflowJson.Stored.Failure), WorkflowJson.Stored.Failure), "failure");
        Assert.Contains("cause 199", failure.ToString(), StringComparison.Ordinal);
    }

    private static bool HoldsNoNull(JsonNode? node) => node switch
    {
        null => false,
        JsonObject one => one.All(static pair => HoldsNoNull(pair.Value)),
        JsonArray many => many.All(HoldsNoNull),
        _ => true,
    };
}
