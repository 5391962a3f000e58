using System.Collections.Immutable;
using System.Text;
using CsCheck;

namespace Svom.Workflows;

public sealed class ConverterTests
{
    private static readonly JsonPayloadConverter Converter = JsonPayloadConverter.Default;

    public sealed record Position(double Ra, double Dec);

    private static string Encoding(Payload payload) => System.Text.Encoding.UTF8.GetString(payload.Metadata["encoding"].Span);

    [Fact]
    public void Encodings_are_those_that_other_kits_know()
    {
        Assert.Equal("binary/null", Encoding(Converter.ToPayload(null)));
        Assert.Equal("binary/plain", Encoding(Converter.ToPayload(new byte[] { 1 })));
        Assert.Equal("binary/plain", Encoding(Converter.ToPayload(new ReadOnlyMemory<byte>([1]))));
        Assert.Equal("json/plain", Encoding(Converter.ToPayload("text")));
    }

    [Fact]
    public void Values_are_written_by_their_type_at_run_time()
    {
        object position = new Position(1.5, -2);
        Assert.Equal("""{"Ra":1.5,"Dec":-2}""", Encoding(position));
        Assert.Equal(position, Converter.ToValue<Position>(Converter.ToPayload(position)));

        static string Encoding(object value) => System.Text.Encoding.UTF8.GetString(Converter.ToPayload(value).Data.Span);
    }

    [Fact]
    public void Octets_come_back_as_they_were()
    {
        Assert.Equal([1, 2], Converter.ToValue<byte[]>(Converter.ToPayload(new byte[] { 1, 2 })));
        Assert.Equal([1, 2], Converter.ToValue<ReadOnlyMemory<byte>>(Converter.ToPayload(new byte[] { 1, 2 })).ToArray());
    }

    [Fact]
    public void Nothing_is_null_where_null_may_be()
    {
        var nothing = Converter.ToPayload(null);
        Assert.Null(Converter.ToValue<string>(nothing));
        Assert.Null(Converter.ToValue(nothing, typeof(int?)));
        Assert.Throws<PayloadException>(() => Converter.ToValue(nothing, typeof(int)));
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        Assert.Contains("can't be read as System.Int32", Assert.Throws<PayloadException>(static () => Converter.ToValue<int>(Converter.ToPayload("x"))).Message, StringComparison.Ordinal);
        var foreign = new Payload(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("encoding", "secret/box"u8.ToArray()), default);
        Assert.Contains("'secret/box' can't be read", Assert.Throws<PayloadException>(() => Converter.ToValue<int>(foreign)).Message, StringComparison.Ordinal);
    }

    [Fact] // Property.
    public void Every_text_and_number_comes_back() => Gen.Select(Gen.String, Gen.Long, Gen.Double, Gen.Byte.Array).Sample(static (text, number, real, octets) =>
    {
        Assert.Equal(text, Converter.ToValue<string>(Converter.ToPayload(text)), StringComparer.Ordinal);
        Assert.Equal(number, Converter.ToValue<long>(Converter.ToPayload(number)));
        Assert.Equal(octets, Converter.ToValue<byte[]>(Converter.ToPayload(octets)));
        Assert.True(!double.IsFinite(real) || real.Equals(Converter.ToValue<double>(Converter.ToPayload(real))));
    });

    public static TheoryData<Failure> Failures =>
    [
        new ApplicationFailure("a", "T", NonRetryable: true, FakeServer.Payloads(1), TimeSpan.FromSeconds(2), "at here", new ServerFailure("s", NonRetryable: true)),
        new TimeoutFailure("t", TimeoutKind.Heartbeat, FakeServer.Payloads("beat")),
        new CancelledFailure("c", []), new TerminatedFailure("x"),
        new ActivityFailure("f", 5, 6, "me", "Map", "1", RetryState.Timeout, Cause: new CancelledFailure("c", [])),
        new ChildWorkflowFailure("f", "orbit", new("c1", "r"), "child", 5, 6, RetryState.NonRetryableFailure, Cause: new ApplicationFailure("a", "", NonRetryable: false, [])),
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_that_came_over_the_wire_goes_on_as_it_came(Failure failure)
    {
        var exception = FailureConverter.ToException(failure);
        Assert.Equal(failure.Message, exception.Message);
        Assert.Equal(failure.Cause is null, exception.InnerException is null);
        Assert.Same(failure, FailureConverter.ToFailure(exception, Converter));
    }

    [Fact]
    public void An_exception_gives_its_type_its_stack_and_its_causes()
    {
        var failure = Assert.IsType<ApplicationFailure>(FailureConverter.ToFailure(Thrown(), Converter));
        Assert.Equal(("outer", "InvalidOperationException"), (failure.Message, failure.Type));
        Assert.Contains(nameof(Thrown), failure.StackTrace, StringComparison.Ordinal);
        Assert.Equal(("inner", "TimeoutException"), (failure.Cause!.Message, Assert.IsType<ApplicationFailure>(failure.Cause).Type));

        static Exception Thrown()
        {
            try
            {
                throw new InvalidOperationException("outer", new TimeoutException("inner"));
            }
            catch (InvalidOperationException exception)
            {
                return exception;
            }
        }
    }

    [Fact]
    public void A_failure_is_told_even_when_its_details_cannot_be()
    {
        var failure = FailureConverter.ToFailure(new ApplicationFailureException("No.", details: [new InvalidOperationException().GetType()]), Converter);
        Assert.Contains("can't be written as JSON", Converter.ToValue<string>(Assert.IsType<ApplicationFailure>(failure).Details[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Details_and_input_that_are_missing_count_as_none()
    {
        Assert.Empty(Assert.IsType<ApplicationFailureException>(FailureConverter.ToException(new ApplicationFailure("a", "", NonRetryable: false, default))).Details);
        Assert.Empty(Assert.IsType<CanceledFailureException>(FailureConverter.ToException(new CancelledFailure("a", default))).Details);
        Assert.True(Assert.IsType<TimeoutFailureException>(FailureConverter.ToException(new TimeoutFailure("a", TimeoutKind.Heartbeat, default))).LastHeartbeatDetails.IsEmpty);
        using var server = Scripted.Start(static _ => Workflow.WaitConditionAsync(static () => false));
        server.Add(new WorkflowExecutionSignaled("Say", default, "test", FakeServer.None));
        Assert.Contains("takes 1 arguments and got 0", server.Task().Failed!.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_aggregate_of_one_is_that_one() =>
        Assert.Equal("only", FailureConverter.ToFailure(new AggregateException(new InvalidOperationException("only")), Converter).Message);

    [Fact]
    public void Cancellations_are_known_through_activities_and_children()
    {
        Assert.True(Workflow.IsCanceled(new TaskCanceledException()));
        Assert.True(Workflow.IsCanceled(FailureConverter.ToException(new ActivityFailure("f", 5, 6, "", "Map", "1", RetryState.CancelRequested, Cause: new CancelledFailure("c", [])))));
        Assert.False(Workflow.IsCanceled(FailureConverter.ToException(new ActivityFailure("f", 5, 6, "", "Map", "1", RetryState.Timeout, Cause: new TimeoutFailure("c", TimeoutKind.Heartbeat, [])))));
        Assert.False(Workflow.IsCanceled(new InvalidOperationException()));
    }

    [Fact] // Golden: numbers that histories depend on.
    public void The_random_numbers_of_a_run_never_change()
    {
        var random = new DeterministicRandom("0b5b0bd4-8a54-4d3b-8f0e-6f7a3a1c9f10");
        Assert.Equal([317, 289, 934], (int[])[random.Next(1000), random.Next(1000), random.Next(1000)]);
        Assert.Equal("11d3dec2-dcaa-453d-b180-3f13545a57d5", random.NextGuid().ToString());
    }

    [Fact] // Property.
    public void Random_numbers_stay_within_their_bounds() => Gen.Select(Gen.String, Gen.Long, Gen.Long).Sample(static (seed, one, other) =>
    {
        var random = new DeterministicRandom(seed);
        var (low, high) = (Math.Min(one, other), Math.Max(one, other));
        Assert.True(low == high || (random.NextInt64(low, high) is var drawn && drawn >= low && drawn < high));
        Assert.InRange(random.NextDouble(), 0, 1 - double.Epsilon);
        Assert.InRange(random.Next(7), 0, 6);
        Assert.Equal(4, random.NextGuid().Version);
    });
}
