namespace Svom.EventStore;

/// <summary>
/// The inbox of an event-sourced grain: calls interleave, at most one commit is in flight, and everything that arrived meanwhile
/// is decided together in the next. Runs on the grain's own scheduler; the grain must be reentrant.
/// </summary>
internal sealed class Inbox<TInput, TAnswer>(Func<IReadOnlyList<TInput>, Task<IReadOnlyList<TAnswer>>> handle)
{
    private readonly List<(TInput Input, TaskCompletionSource<TAnswer> Answer)> waiting = [];
    private bool pumping;

    /// <summary>True while something is decided or waits for it.</summary>
    public bool IsBusy => pumping;

    /// <summary>Hands an input in; completes when what follows from it is durable.</summary>
    public Task<TAnswer> PutAsync(TInput input)
    {
        var answer = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add((input, answer));
        if (!pumping)
        {
            _ = PumpAsync();
        }

        return answer.Task;
    }

    private async Task PumpAsync()
    {
        pumping = true;
        while (waiting.Count > 0)
        {
            var batch = waiting.ToArray();
            waiting.Clear();
            try
            {
                var answers = await handle([.. batch.Select(static entry => entry.Input)]);
                for (var i = 0; i < batch.Length; i++)
                {
                    batch[i].Answer.SetResult(answers[i]);
                }
            }
            catch (Exception failure)
            {
                foreach (var (_, answer) in batch)
                {
                    answer.TrySetException(failure);
                }
            }
        }

        pumping = false;
    }
}
