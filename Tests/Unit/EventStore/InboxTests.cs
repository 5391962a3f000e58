using Svom.EventStore;

namespace Svom.Unit.EventStore;

public sealed class InboxTests
{
    [Fact]
    public async Task What_arrives_while_a_commit_is_in_flight_is_decided_together_in_the_next()
    {
        var batches = new List<int[]>();
        var gate = new TaskCompletionSource();
        var inbox = new Inbox<int, int>(async inputs =>
        {
            batches.Add([.. inputs]);
            await (batches.Count == 1 ? gate.Task : Task.CompletedTask);
            return [.. inputs.Select(static input => input * 10)];
        });

        var first = inbox.PutAsync(1);
        var later = new[] { inbox.PutAsync(2), inbox.PutAsync(3) };
        gate.SetResult();

        Assert.Equal(10, await first);
        int[] answers = await Task.WhenAll(later);
        Assert.Equal([20, 30], answers);
        Assert.Equal([[1], [2, 3]], batches);
    }

    [Fact]
    public async Task A_failed_commit_fails_its_inputs_and_nobody_else()
    {
        var failures = 1;
        var inbox = new Inbox<string, string>(inputs =>
            failures-- > 0 ? throw new InvalidOperationException("the disk is full") : Task.FromResult<IReadOnlyList<string>>([.. inputs]));

        await Assert.ThrowsAsync<InvalidOperationException>(() => inbox.PutAsync("lost"));
        Assert.Equal("kept", await inbox.PutAsync("kept"));
    }
}
