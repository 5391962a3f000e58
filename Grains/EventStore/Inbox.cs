namespace Svom.EventStore;

/// <summary>
/// The inbox of an event-sourced grain: calls interleave, at most one commit is in flight, and everything that arrived meanwhile
/// is decided together in the next. Runs on the grain's own scheduler; the grain must be reentrant. A batch that the store refuses as a whole
/// (<see cref="BatchRefusedException"/>) is decided in halves, so that only the input that cannot be written fails.
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
                // Here and not by AnswerAsync: every method more on the way back would cost each step of each workflow a task.
                var answers = await handle(taken.Inputs);
                for (var i = 0; i < taken.Answers.Count; i++)
                {
                    taken.Answers[i].SetResult(answers[i]);
                }
            }
            catch (BatchRefusedException) when (taken.Inputs.Count > 1)
            {
                await InHalvesAsync(taken.Inputs, taken.Answers);
            }
            catch (Exception failure)
            {
                Fail(taken.Answers, failure);
            }

            taken.Inputs.Clear();
            taken.Answers.Clear();
        }

        pumping = false;
    }

    private async Task InHalvesAsync(List<TInput> inputs, List<TaskCompletionSource<TAnswer>> answers)
    {
        var half = inputs.Count / 2;
        await AnswerAsync(inputs[..half], answers[..half]);
        await AnswerAsync(inputs[half..], answers[half..]);
    }

    private async Task AnswerAsync(List<TInput> inputs, List<TaskCompletionSource<TAnswer>> answers)
    {
        try
        {
            var given = await handle(inputs);
            for (var i = 0; i < answers.Count; i++)
            {
                answers[i].SetResult(given[i]);
            }
        }
        catch (BatchRefusedException) when (inputs.Count > 1)
        {
            await InHalvesAsync(inputs, answers);
        }
        catch (Exception failure)
        {
            Fail(answers, failure);
        }
    }

    private static void Fail(List<TaskCompletionSource<TAnswer>> answers, Exception failure)
    {
        foreach (var answer in answers)
        {
            answer.TrySetException(failure);
        }
    }
}
