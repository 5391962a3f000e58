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

    [Fact]
    public async Task An_input_that_cannot_be_written_takes_nobody_with_it()
    {
        var written = new List<int[]>();
        var gate = new TaskCompletionSource();
        var inbox = new Inbox<int, int>(async inputs =>
        {
            await gate.Task;
            if (inputs.Contains(13) || inputs.Sum() > 30)
            {
                throw new BatchRefusedException("too much");
            }

            written.Add([.. inputs]);
            return [.. inputs.Select(static input => -input)];
        });

        var first = inbox.PutAsync(1);
        Task<int>[] others = [.. new[] { 10, 11, 12, 13, 14 }.Select(inbox.PutAsync)];
        gate.SetResult();

        await Assert.ThrowsAsync<BatchRefusedException>(() => others[3]);
        int[] answers = await Task.WhenAll([first, .. others[..3], others[4]]);
        Assert.Equal([-1, -10, -11, -12, -14], answers);
        Assert.Equal([[1], [10, 11], [12], [14]], written);
        Assert.Equal(-15, await inbox.PutAsync(15));
    }
}
