namespace Svom.Crash;

/// <summary>One story: a script against a client, and what comes of it. The script may be killed anywhere and is then run again from its first line.</summary>
/// <param name="Name">Also the workflow id; the script's other workflows stand below it.</param>
/// <param name="Outcome">What the script returns.</param>
/// <param name="Script">The story.</param>
internal sealed record Scenario(string Name, string Outcome, Func<Stage, Task<string>> Script)
{
    /// <summary>Events of parallel work may come in any order.</summary>
    public bool Unordered { get; init; }

    /// <summary>The history is too much a matter of the moment to be compared.</summary>
    public bool Loose { get; init; }

    /// <summary>Attempts are counted, or a time runs out: one that was lost with its process may be the last, and the time does not stop while it is dead.</summary>
    public bool CountsAttempts { get; init; }

    /// <summary>The story is about one life of a process: a death in it makes it another.</summary>
    public bool OneLife { get; init; }
}
