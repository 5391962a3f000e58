using System.Collections.Immutable;
using Svom.Outcomes;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>What a script has to work with. Ids of requests are fixed, so that a repeat is known for one.</summary>
internal sealed class Stage(Scenario scenario, WorkflowClient client, IGrainFactory grains)
{
    private readonly Dictionary<string, List<string?>> watched = new(StringComparer.Ordinal);

    public WorkflowClient Client => client;

    public string Id => scenario.Name;

    /// <summary>Workflows of the story with the first runs that it knows of; null: the newest.</summary>
    public IReadOnlyDictionary<string, List<string?>> Watched => watched;

    public static WorkflowOptions With(string id, string request = "start") => new(id) { RequestId = $"{id}:{request}" };

    public Task<WorkflowHandle> StartAsync(Step program, Func<WorkflowOptions, WorkflowOptions>? options = null) => StartAsync("", program, options);

    /// <param name="below">Name below the story's; empty: its own.</param>
    public Task<WorkflowHandle> StartAsync(string below, Step program, Func<WorkflowOptions, WorkflowOptions>? options = null, string request = "start") =>
        StartAsync(below, "Kitchen", [program], options, request);

    public async Task<WorkflowHandle> StartAsync(string below, string type, object?[] input, Func<WorkflowOptions, WorkflowOptions>? options = null, string request = "start")
    {
        var said = With(Id + below, request);
        var handle = await client.StartWorkflowAsync(type, input, options?.Invoke(said) ?? said);
        Watch(Id + below, handle.RunId);
        return handle;
    }

    public WorkflowHandle Handle(string below = "") => client.GetWorkflowHandle(Id + below);

    public void Watch(string workflowId, string? runId = null)
    {
        lock (watched)
        {
            if (!watched.TryGetValue(workflowId, out var runs))
            {
                watched[workflowId] = runs = [];
            }

            if (!runs.Contains(runId))
            {
                runs.Add(runId);
            }
        }
    }

    /// <summary>Starts it and waits for its end.</summary>
    public async Task<string> RunAsync(Step program, Func<WorkflowOptions, WorkflowOptions>? options = null) => await ResultAsync(await StartAsync(program, options));

    public static async Task<string> ResultAsync(WorkflowHandle handle, bool follow = true)
    {
        try
        {
            return await handle.GetResultAsync<string>(follow);
        }
        catch (Exception failure) when (failure is WorkflowFailedException or WorkflowRefusedException)
        {
            return Words.Of(failure);
        }
        catch (WorkflowContinuedAsNewException)
        {
            return "continued";
        }
    }

    public Task SayAsync(string name, string value, string below = "") => SignalAsync("say", [name, value], $"{name}={value}", below);

    public async Task SignalAsync(string signal, object?[] input, string? request, string below = "", string? runId = null)
    {
        var answer = await grains.GetGrain<IWorkflowGrain>($"default/{Id}{below}").SignalAsync(
            new(signal, await client.EncodeAsync(input, default), runId, request), default);
        if (!answer.Accepted)
        {
            throw new WorkflowRefusedException(answer.Refusal);
        }
    }

    /// <summary>A second time, the workflow may be over: it was asked.</summary>
    public async Task CancelAsync(string below = "")
    {
        try
        {
            await Handle(below).CancelAsync("enough");
        }
        catch (WorkflowRefusedException refused) when (refused.Code == RefusalCode.NotFound)
        {
        }
    }

    public async Task TerminateAsync(string below = "", string reason = "enough")
    {
        try
        {
            await Handle(below).TerminateAsync(reason);
        }
        catch (WorkflowRefusedException refused) when (refused.Code == RefusalCode.NotFound)
        {
        }
    }

    public async Task<string> AskAsync(Step step, string updateId, string below = "", string update = "ask")
    {
        try
        {
            return await Handle(below).ExecuteUpdateAsync<string>(update, [step], $"{Id}:{updateId}") is { } answer ? answer.Replace($"{Id}:", "", StringComparison.Ordinal) : "null";
        }
        catch (Exception failure) when (failure is WorkflowUpdateFailedException or WorkflowRefusedException)
        {
            return Words.Of(failure);
        }
    }

    public async Task<string> QueryAsync(string query, string below = "", string? runId = null)
    {
        try
        {
            return await client.GetWorkflowHandle(Id + below, runId).QueryAsync<string>(query, []);
        }
        catch (Exception failure) when (failure is WorkflowQueryFailedException or WorkflowRefusedException)
        {
            return Words.Of(failure);
        }
    }

    public void Open(string gate, string below = "") => Places.Open(Id + below, gate);

    /// <summary>Waits until the newest run's history holds something.</summary>
    public async Task UntilAsync(Func<ImmutableArray<HistoryEvent>, bool> holds, string below = "")
    {
        while (true)
        {
            try
            {
                if (holds(await Handle(below).FetchHistoryAsync()))
                {
                    return;
                }
            }
            catch (WorkflowRefusedException)
            {
                // Not there yet.
            }

            await Task.Delay(10);
        }
    }

    public Task UntilAsync<T>(string below = "", int count = 1)
        where T : EventAttributes => UntilAsync(events => events.Count(static one => one.Attributes is T) >= count, below);

    /// <summary>Waits until a line of the description says it waits for something, or the run is over.</summary>
    public async Task UntilWaitsAsync(params string[] what)
    {
        while (true)
        {
            var run = await Handle().DescribeAsync();
            if (run.Status != "running" || run.Waiting.Any(line => what.All(word => line.Contains(word, StringComparison.Ordinal))))
            {
                return;
            }

            await Task.Delay(10);
        }
    }

    public async Task<string> StatusAsync(string below = "") => (await Handle(below).DescribeAsync()).Status;

    /// <summary>Ends an activity from elsewhere, again and again until the run is over or the word was taken: each attempt has a token of its own.</summary>
    public async Task UntilOverOrAsync(string activity, Func<AsyncActivityHandle, Task> end)
    {
        while (await StatusAsync() == "running")
        {
            if (Places.Tokens.TryGetValue((Id, activity), out var token))
            {
                try
                {
                    await end(client.GetAsyncActivityHandle(token));
                    return;
                }
                catch (WorkflowRefusedException)
                {
                    // Of an attempt that is over.
                }
            }

            await Task.Delay(10);
        }
    }

    public async Task TokenOrEndAsync(string activity)
    {
        while (!Places.Tokens.ContainsKey((Id, activity)) && await StatusAsync() == "running")
        {
            await Task.Delay(10);
        }
    }

    public async Task<AsyncActivityHandle> TokenAsync(string activity)
    {
        while (true)
        {
            if (Places.Tokens.TryGetValue((Id, activity), out var token))
            {
                return client.GetAsyncActivityHandle(token);
            }

            await Task.Delay(10);
        }
    }

    public static async Task<string> TryAsync(Func<Task> what, string well = "ok")
    {
        try
        {
            await what();
            return well;
        }
        catch (Exception failure) when (failure is WorkflowRefusedException or FailureException or WorkflowUpdateFailedException or WorkflowFailedException or ArgumentException)
        {
            return Words.Of(failure);
        }
    }
}
