using System.Collections.Concurrent;

namespace Svom.Workflows;

/// <summary>A workflow whose code a test gives as a lambda.</summary>
[Workflow]
public sealed class Scripted
{
    private static readonly ConcurrentDictionary<string, Func<Scripted, Task<object?>>> Scripts = new(StringComparer.Ordinal);

    public List<string> Heard { get; } = [];

    public Func<string, Task>? OnSay { get; set; }

    public Func<string, Task<string>>? OnChange { get; set; }

    public Action<string>? Before { get; set; }

    public Func<string, string>? OnAsk { get; set; }

    internal static FakeServer Start(Func<Scripted, Task<object?>> script)
    {
        var key = Guid.NewGuid().ToString();
        Scripts[key] = script;
        return new(typeof(Scripted), key);
    }

    internal static FakeServer Start(Func<Scripted, Task> script) => Start(Boxed(script));

    /// <summary>Another version of the code goes on with the history.</summary>
    internal static TaskTurn Replay(FakeServer server, Func<Scripted, Task> script)
    {
        Change(server, script);
        return FakeServer.Replay(typeof(Scripted), server.History);
    }

    /// <summary>The code changes, and fresh instances run the new one.</summary>
    internal static void Change(FakeServer server, Func<Scripted, Task> script) =>
        Scripts[FakeServer.Value<string>(((WorkflowExecutionStarted)server.History[0].Attributes).Input)] = Boxed(script);

    /// <summary>Cancels here and now: CancelAsync does it on another thread.</summary>
    internal static void Stop(CancellationTokenSource scope) => scope.Cancel();

    [WorkflowRun]
    public Task<object?> RunAsync(string key) => Scripts[key](this);

    [WorkflowSignal]
    public Task SayAsync(string word)
    {
        Heard.Add(word);
        return OnSay?.Invoke(word) ?? Task.CompletedTask;
    }

    [WorkflowQuery]
    public string[] Words() => [.. Heard];

    [WorkflowQuery]
    public string Ask(string question) => OnAsk?.Invoke(question) ?? "?";

    [WorkflowUpdate]
    public Task<string> ChangeAsync(string word)
    {
        Heard.Add(word);
        return OnChange?.Invoke(word) ?? Task.FromResult(word + "!");
    }

    [WorkflowUpdateValidator(nameof(ChangeAsync))]
    public void MayChange(string word)
    {
        Before?.Invoke(word);
        if (word == "no")
        {
            throw new InvalidOperationException("Not this word.");
        }
    }

    private static Func<Scripted, Task<object?>> Boxed(Func<Scripted, Task> script) => async self =>
    {
        await script(self);
        return "end";
    };
}
