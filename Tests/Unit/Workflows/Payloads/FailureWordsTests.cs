using System.Collections.Immutable;
using System.Text;
using CsCheck;

namespace Svom.Workflows;

/// <summary>Messages and stack traces of failures, hidden and shown again.</summary>
public sealed class FailureWordsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Gen<string> Words = Gen.String[Gen.Frequency((4, Gen.Char['\0', '\u00FF']), (1, Gen.OneOf('☄', '"', '\\', '<')))];

    private static readonly Gen<Failure> Failures = Gen.Select(Words, Words, Gen.Int[0, 3], Gen.Bool, static (message, trace, causes, own) =>
    {
        Failure? failure = null;
        for (var n = 0; n <= causes; n++)
        {
            // A kit elsewhere may have hidden its words by itself.
            var kits = own && n == 1 ? new Payload(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty, """{"message":"a","stack_trace":"b"}"""u8.ToArray()) : null;
            failure = (n % 3) switch
            {
                0 => new ApplicationFailure(message, "Kind", NonRetryable: true, [], StackTrace: trace, Cause: failure, EncodedAttributes: kits),
                1 => new ActivityFailure(message, 5, 6, "me", "type", "id", RetryState.Timeout, trace, failure, kits),
                _ => new ServerFailure(message, NonRetryable: false, trace, failure, kits),
            };
        }

        return failure!;
    });

    [Fact] // Property: over chains of failures with any words.
    public Task What_was_hidden_is_shown_again_and_nothing_else_changes() => Failures.SampleAsync(async failure =>
    {
        var hidden = await PayloadWalk.MapAsync(failure, new Text(FailureText.Hide), None);
        var shown = await PayloadWalk.MapAsync(hidden, new Text(FailureText.Show), None);
        Assert.Equal(failure, shown);
        for (var (was, now) = (failure, hidden); was is not null; (was, now) = (was.Cause!, now.Cause!))
        {
            Assert.True(was.EncodedAttributes is not null || (now.StackTrace.Length == 0 && (now.Message is "Encoded failure" or "")));
        }
    });

    [Fact]
    public async Task Kind_and_whether_to_try_again_stay_readable()
    {
        var failure = new ApplicationFailure("secret", "NoPower", NonRetryable: true, [], TimeSpan.FromSeconds(5), "at secret");
        var hidden = (ApplicationFailure)await PayloadWalk.MapAsync<Failure>(failure, new Text(FailureText.Hide), None);
        Assert.Equal(failure with { Message = "Encoded failure", StackTrace = "", EncodedAttributes = hidden.EncodedAttributes }, hidden);
        Assert.Equal("""{"message":"secret","stack_trace":"at secret"}""", Encoding.UTF8.GetString(hidden.EncodedAttributes!.Data.Span));
    }

    [Theory]
    [InlineData(""), InlineData("[]"), InlineData("{"), InlineData("""{"message":1,"stack_trace":""}"""), InlineData("""{"message":"\ud800","stack_trace":""}""")]
    public async Task Hidden_words_that_nobody_can_read_stay_hidden(string json)
    {
        var metadata = ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("svom-failure", "1"u8.ToArray());
        Failure failure = new ServerFailure("Encoded failure", NonRetryable: true, EncodedAttributes: new(metadata, Encoding.UTF8.GetBytes(json)));
        Assert.Same(failure, await PayloadWalk.MapAsync(failure, new Text(FailureText.Show), None));
    }

    [Fact]
    public void A_failure_says_itself_and_its_causes_in_one_line() => Assert.Equal(
        "TerminatedFailure { Message = over, Cause = TerminatedFailure { Message = first } }",
        new TerminatedFailure("over", Cause: new TerminatedFailure("first")).ToString());

    private sealed class Text(FailureText text) : IPayloadTransform
    {
        public FailureText FailureText => text;

        public bool Changes(Payload payload) => false;

        public ValueTask<ImmutableArray<Payload>> ApplyAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) => new(payloads);
    }
}
