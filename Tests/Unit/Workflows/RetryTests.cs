using System.Collections.Immutable;
using CsCheck;

namespace Svom.Workflows;

public sealed class RetryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Failure NoStation = new ApplicationFailure("No station hears it.", "Silence", NonRetryable: false, []);

    [Theory]
    [InlineData(1, 1), InlineData(2, 2), InlineData(3, 4), InlineData(7, 64), InlineData(8, 100), InlineData(5_000, 100)]
    public void Pauses_double_from_a_second_to_a_hundred(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new RetryPolicy().PauseAfter(attempt));

    [Fact] // Property: whatever policy is sound, whatever attempt.
    public void A_pause_never_shrinks_and_never_passes_its_cap() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Double[1, 10], Gen.Int[0, 1_000_000], Gen.Int[1, 2_000]).Sample((initial, coefficient, more, attempt) =>
        {
            var policy = new RetryPolicy
            {
                InitialInterval = TimeSpan.FromMilliseconds(initial),
                BackoffCoefficient = coefficient,
                MaximumInterval = TimeSpan.FromMilliseconds((double)initial + more),
            };
            Assert.Null(policy.Fault());
            Assert.InRange(policy.PauseAfter(attempt), policy.InitialInterval, policy.MaximumInterval.Value);
            Assert.True(policy.PauseAfter(attempt) <= policy.PauseAfter(attempt + 1));
        });

    [Fact]
    public void What_failed_is_tried_again_after_its_pause() =>
        Assert.Equal(new(RetryState.InProgress, Noon.AddSeconds(4)), Retry.After(new(), 3, NoStation, Noon, null, cancelRequested: false));

    [Fact]
    public void A_failure_may_name_the_next_pause_itself()
    {
        var later = new ApplicationFailure("The pass ended.", "Silence", NonRetryable: false, [], NextRetryDelay: TimeSpan.FromMinutes(90));
        Assert.Equal(new(RetryState.InProgress, Noon.AddMinutes(90)), Retry.After(new(), 1, later, Noon, null, cancelRequested: false));
    }

    [Fact]
    public void Nothing_is_tried_more_often_than_its_policy_says()
    {
        var thrice = new RetryPolicy { MaximumAttempts = 3 };
        Assert.Equal(RetryState.InProgress, Retry.After(thrice, 2, NoStation, Noon, null, cancelRequested: false).State);
        Assert.Equal(new(RetryState.MaximumAttemptsReached, null), Retry.After(thrice, 3, NoStation, Noon, null, cancelRequested: false));
    }

    [Fact]
    public void An_attempt_that_would_begin_after_the_deadline_is_none()
    {
        Assert.Equal(RetryState.InProgress, Retry.After(new(), 1, NoStation, Noon, Noon.AddSeconds(1), cancelRequested: false).State);
        Assert.Equal(new(RetryState.Timeout, null), Retry.After(new(), 1, NoStation, Noon, Noon.AddMilliseconds(999), cancelRequested: false));
    }

    public static TheoryData<Failure, bool> Kinds => new()
    {
        { NoStation, true },
        { new ApplicationFailure("Not a FITS file.", "BadContent", NonRetryable: true, []), false },
        { new ApplicationFailure("Embargoed.", "Forbidden", NonRetryable: false, []), false },
        { new TimeoutFailure("Too slow.", TimeoutKind.StartToClose, []), true },
        { new TimeoutFailure("No sign of life.", TimeoutKind.Heartbeat, []), true },
        { new TimeoutFailure("Nobody began it.", TimeoutKind.ScheduleToStart, []), false },
        { new TimeoutFailure("Too late in all.", TimeoutKind.ScheduleToClose, []), false },
        { new ServerFailure("The store was away.", NonRetryable: false), true },
        { new ServerFailure("Too large for any store.", NonRetryable: true), false },
        { new CancelledFailure("Asked to stop.", []), false },
        { new TerminatedFailure("Ended."), false },
        { new ActivityFailure("The activity failed.", 5, 6, "", "make-map", "1", RetryState.MaximumAttemptsReached, Cause: NoStation), true },
    };

    [Theory, MemberData(nameof(Kinds))]
    public void Only_what_may_end_otherwise_is_tried_again(Failure failure, bool again)
    {
        var policy = new RetryPolicy { NonRetryableErrorTypes = ["Forbidden"] };
        Assert.Equal(again ? RetryState.InProgress : RetryState.NonRetryableFailure, Retry.After(policy, 1, failure, Noon, null, cancelRequested: false).State);
    }

    [Fact]
    public void What_was_asked_to_stop_is_not_begun_again() =>
        Assert.Equal(new(RetryState.CancelRequested, null), Retry.After(new(), 1, NoStation, Noon, null, cancelRequested: true));

    [Fact]
    public void Without_a_policy_nothing_is_tried_again() =>
        Assert.Equal(new(RetryState.RetryPolicyNotSet, null), Retry.After(null, 1, NoStation, Noon, null, cancelRequested: false));

    [Fact] // Property: no policy, however wild, and no clock makes it throw.
    public void The_next_attempt_lies_neither_in_the_past_nor_beyond_the_deadline() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Double[1, 1e300], Gen.Int[1, int.MaxValue], Gen.Long[0, DateTimeOffset.MaxValue.Ticks]).Sample((initial, coefficient, attempt, ticks) =>
        {
            var policy = new RetryPolicy { InitialInterval = TimeSpan.FromSeconds(initial), BackoffCoefficient = coefficient };
            var (now, deadline) = (new DateTimeOffset(ticks, TimeSpan.Zero), DateTimeOffset.MaxValue);
            var retry = Retry.After(policy, attempt, NoStation, now, deadline, cancelRequested: false);
            Assert.True(retry.At is null ? retry.State == RetryState.Timeout : retry.At >= now && retry.At <= deadline);
        });

    public static TheoryData<RetryPolicy> Unsound =>
    [
        new RetryPolicy { InitialInterval = TimeSpan.FromTicks(-1) },
        new RetryPolicy { BackoffCoefficient = 0.99 },
        new RetryPolicy { BackoffCoefficient = double.NaN },
        new RetryPolicy { BackoffCoefficient = double.PositiveInfinity },
        new RetryPolicy { MaximumInterval = TimeSpan.FromMilliseconds(999) },
        new RetryPolicy { MaximumAttempts = -1 },
    ];

    [Theory, MemberData(nameof(Unsound))]
    public void An_unsound_policy_says_what_is_wrong(RetryPolicy policy) => Assert.NotNull(policy.Fault());

    [Fact]
    public void Payloads_are_told_apart_by_what_they_hold()
    {
        Assert.Equal(Text("json", "1"), Text("json", "1"));
        Assert.NotEqual(Text("json", "1"), Text("json", "2"));
        Assert.NotEqual(Text("json", "1"), Text("text", "1"));
        Assert.Equal(8 + 4 + 1, Text("json", "1").Size);
    }

    private static Payload Text(string encoding, string data) =>
        new(
            ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("encoding", System.Text.Encoding.UTF8.GetBytes(encoding)),
            System.Text.Encoding.UTF8.GetBytes(data));
}
