using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What the code of a run is given when a workflow task begins. Payloads are decoded: no codec, no outside storage.</summary>
/// <param name="Events">
/// Events that this instance has not seen, from 1 for a new one. Completed tasks among them are replayed; what follows the last of
/// them is the news of this task. The events of this task itself are not among them.
/// </param>
/// <param name="Now">When the task began: what the code takes for the time.</param>
/// <param name="StartedEventId">Number that the task's started event has or will have.</param>
/// <param name="HistorySize">Octets of the history.</param>
/// <param name="SuggestContinueAsNew">True when the history is long.</param>
/// <param name="LocalSteps">Local activities of this very task that ended before the instance was lost, in their order.</param>
/// <param name="Updates">Updates that wait for an answer, in the order of their coming; those that a crash brings again may come again.</param>
public sealed record TaskNews(
    IReadOnlyList<HistoryEvent> Events, DateTimeOffset Now, long StartedEventId, long HistorySize, bool SuggestContinueAsNew,
    IReadOnlyList<LocalStep> LocalSteps, IReadOnlyList<UpdateRequest> Updates);

/// <summary>How far the code came.</summary>
/// <param name="ToRun">Local activities that it asks for now; each is answered by a <see cref="LocalStep"/>.</param>
/// <param name="ToStop">Sequences of those that it asks to stop.</param>
/// <param name="Waits">
/// True while local activities are open and nothing closed the run: the task may go on with their ends, or be finished meanwhile.
/// False: finish it.
/// </param>
/// <param name="Failed">The code could not be run: another way than its history, a foreign await, an exception that is no failure of the workflow. The instance is of no more use.</param>
public sealed record TaskTurn(ImmutableArray<LocalActivityRequest> ToRun, ImmutableArray<int> ToStop, bool Waits, TaskFailed? Failed)
{
    /// <summary>
    /// True when the code asks for something that only the end of the task brings about: a timer, an activity, an answer. Finish the task
    /// then, though local activities are open: they may take long, or wait for that very thing.
    /// </summary>
    public bool Asks { get; init; }
}

/// <summary>A local activity to be run by whoever runs the workflow's code.</summary>
/// <param name="Sequence">1, 2, 3, … in the order of asking, for the life of the run.</param>
/// <param name="ScheduleToClose">All attempts with their pauses; null: no limit.</param>
/// <param name="StartToClose">One attempt; null: no limit but the other.</param>
public sealed record LocalActivityRequest(
    int Sequence, string ActivityType, ImmutableArray<Payload> Input, TimeSpan? ScheduleToClose, TimeSpan? StartToClose, RetryPolicy? RetryPolicy,
    ImmutableSortedDictionary<string, Payload> Headers);

/// <summary>The answer of a query.</summary>
/// <param name="Failure">Null when it succeeded.</param>
public sealed record QueryAnswer(ImmutableArray<Payload> Result, Failure? Failure);

/// <summary>The run whose code is executed.</summary>
public sealed record RunIdentity(string Namespace, WorkflowRunKey Run, string TaskQueue);
