namespace Svom.EventStore;

/// <summary>
/// The inbox of an event-sourced grain: calls interleave, at most one commit is in flight, and everything that arrived meanwhile
/// is decided together in the next. Runs on the grain's own scheduler; the grain must be reentrant.
/// </summary>
internal sealed class Inbox<TInput, TAnswer>(Func<IReadOnlyList<TInput>, Task<IReadOnlyList<TAnswer>>> handle)
{
    // What waits, and what is being decided: the two change places at each batch.
    private (List<TInput> Inputs, List<TaskCompletionSource<TAnswer>> Answers) waiting = ([], []);
    private (List<TInput> Inputs, List<TaskCompletionSource<TAnswer>> Answers) taken = ([], []);
    private bool pumping;

    /// <summary>True while something is decided or waits for it.</summary>
    public bool IsBusy => pumping;

    /// <summary>Hands an input in; completes when what follows from it is durable. Who handles a batch keeps no hold of its list.</summary>
    public Task<TAnswer> PutAsync(TInput input)
    {
        var answer = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Inputs.Add(input);
        waiting.Answers.Add(answer);
        if (!pumping)
        {
            _ = PumpAsync();
        }

        return answer.Task;
    }

    private async Task PumpAsync()
    {
        pumping = true;
        while (waiting.Inputs.Count > 0)
        {
            (taken, waiting) = (waiting, taken);
            try
            {
                var answers = await handle(taken.Inputs);
                for (var i = 0; i < taken.Answers.Count; i++)
                {
                    taken.Answers[i].SetResult(answers[i]);
                }
            }
            catch (Exception failure)
            {
                foreach (var answer in taken.Answers)
                {
                    answer.TrySetException(failure);
                }
            }

            taken.Inputs.Clear();
            taken.Answers.Clear();
        }

        pumping = false;
    }
}
