using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Svom.EventStore;

namespace Svom.Workflows;

/// <summary>What is written by hand is what the generated code would have written.</summary>
public sealed class StepWriterTests
{
    private static readonly Payload Json = JsonPayloadConverter.Default.ToPayload("✓ <\"&> +/=");
    private static readonly RecordFormat<WorkflowRecord> ByHand = new(WorkflowJson.Default.WorkflowRecordArray, StepWriter.TryWrite);
    private static readonly RecordFormat<WorkflowRecord> Generated = new(WorkflowJson.Default.WorkflowRecordArray);

    public static TheoryData<string> Steps => [.. All.Keys];

    private static Dictionary<string, LocalStep[]> All => new(StringComparer.Ordinal)
    {
        ["a result"] = [new(1, "Next", 1, [Json], null)],
        ["results of all kinds"] = [new(2, "Next", 3, [Json, JsonPayloadConverter.Default.ToPayload(null), JsonPayloadConverter.Default.ToPayload(new byte[] { 0, 62, 255 }), Ask.Payload("own")], null)],
        ["no result"] = [new(int.MaxValue, "text ✓ <\"&>\0", int.MaxValue, [], null)],
        ["a failure"] = [new(7, "Next", 1, null, new ServerFailure("outer ✓ <\"&>", NonRetryable: true, Cause: Ask.Failure()))],
        ["neither"] = [new(7, "", 1, null, null)],
        ["several"] = [new(1, "Next", 1, [Json], null), new(2, "Other", 2, null, Ask.Failure()), new(3, "Next", 1, [], null)],
        ["with everything said"] = [(LocalStep)SampleOf.Make(typeof(LocalStep), bare: false)],
        ["none"] = [],
    };

    [Theory, MemberData(nameof(Steps))]
    public void Steps_are_written_as_the_generated_code_writes_them(string steps)
    {
        WorkflowRecord[] records = [.. All[steps].Select(static step => new LocalStepEnded(step))];
        Assert.Equal(Text(Generated.Encode(records)), Text(ByHand.Encode(records)));
        SampleOf.Same(records, ByHand.Decode(ByHand.Encode(records)), steps);
    }

    [Fact]
    public void A_transition_with_another_kind_in_it_is_left_to_the_generated_code()
    {
        WorkflowRecord[] records = [new LocalStepEnded(All["a result"][0]), new TaskEnded()];
        using var written = new MemoryStream();
        using (var writer = new Utf8JsonWriter(written))
        {
            Assert.False(StepWriter.TryWrite(writer, records));
        }

        Assert.Equal(0, written.Length);
        Assert.Equal(Text(Generated.Encode(records)), Text(ByHand.Encode(records)));
    }

    [Fact] // The pen is used again: nothing of one transition may stand in the next, whatever their lengths, nor anything of one that broke off.
    public void Transitions_do_not_meet_in_the_buffer()
    {
        WorkflowRecord[] small = [new LocalStepEnded(All["a result"][0])];
        WorkflowRecord[] large = [new LocalStepEnded(new(1, "Next", 1, [new(PayloadMetadata.Json, new byte[3 << 20])], null))];
        WorkflowRecord[] broken = [new LocalStepEnded(new(1, "Next", 1, [null!], null))];
        var expected = Text(Generated.Encode(small));
        var first = ByHand.Encode(small);
        Assert.Equal(Text(Generated.Encode(large)), Text(ByHand.Encode(large)));
        Assert.Equal(expected, Text(ByHand.Encode(small)));
        Assert.ThrowsAny<Exception>(() => ByHand.Encode(broken));
        Assert.Equal(expected, Text(ByHand.Encode(small)));
        Assert.Equal(expected, Text(first));
    }

    private static string Text(ReadOnlyMemory<byte> row) => Encoding.UTF8.GetString(row.Span);
}
