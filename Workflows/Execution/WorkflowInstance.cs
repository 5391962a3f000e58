using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>Runs an author's C# code, again and again the same way.</summary>
public sealed partial class WorkflowInstance : IWorkflowInstance
{
    private const string Identity = "in-process";

    // Far more than sound code runs between two waits, and over in a second: a loop without an end must not hold its caller for ever.
    private const int MostPieces = 1_000_000;

    private readonly WorkflowDefinition definition;
    private readonly RunIdentity identity;
    private readonly CancellationTokenSource cancellation = new();
    private readonly List<IssuedCommand> issued = [];
    private readonly List<UpdateMessage> messages = [];
    private readonly Dictionary<long, DurableOperation> open = [];
    private readonly List<HistoryEvent> unread = [];
    private HistoryEvent? started;
    private int piecesOfTurn;
    private bool awaitsOwnTask;
    private bool inTask;
    private bool closed;
    private bool dead;

    private WorkflowInstance(WorkflowDefinition definition, RunIdentity identity, IPayloadConverter converter)
    {
        (this.definition, this.identity, Converter) = (definition, identity, converter);
        Pump = new(this);
        random = new(identity.Run.RunId);
    }

    public long NextEventId { get; private set; } = 1;

    public bool IsBlamed => Volatile.Read(ref foreign) is not null;

    public Action? WhenBlamed { get; set; }

    internal WorkflowPump Pump { get; }

    internal IPayloadConverter Converter { get; }

    /// <summary>Durable things that the code may be waiting for.</summary>
    internal int Waiting { get; set; }

    /// <summary>The code of a run that has not begun in this process.</summary>
    public static WorkflowInstance Create(WorkflowDefinition definition, RunIdentity identity, IPayloadConverter converter)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(converter);
        return new(definition, identity, converter);
    }

    public TaskTurn Begin(TaskNews news)
    {
        ArgumentNullException.ThrowIfNull(news);
        EnsureUsable();
        return Run(static (run, with) =>
        {
            run.ReadHistory(with.Events);
            run.RunLive(with);
        }, news);
    }

    public TaskTurn EndLocalStep(LocalStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        EnsureInTask();
        return Run(static (run, with) =>
        {
            run.EndLocal(with);
            run.ThrowIfStuck();
        }, step);
    }

    public TaskDone Finish()
    {
        EnsureInTask();
        inTask = false;
        var commands = ImmutableArray.CreateBuilder<Command>(issued.Count);
        foreach (var command in issued)
        {
            if (!command.Withdrawn)
            {
                commands.Add(command.Command);
            }
        }

        return new(Identity, commands.ToImmutable(), [.. messages], LocalWork: !closed && HasOpenLocals());
    }

    public void Dispose()
    {
        // Not the source of the cancellation: an author's code may still hold its token on some other thread.
        dead = true;
        Pump.Clear();
    }

    private void EnsureInTask()
    {
        EnsureUsable();
        if (!inTask)
        {
            throw new InvalidOperationException("No task of the workflow is begun here.");
        }
    }

    private void EnsureUsable() => ObjectDisposedException.ThrowIf(dead, this);

    private TaskTurn Run<T>(Action<WorkflowInstance, T> code, T with) => Pump.Run(static (run, both) =>
    {
        try
        {
            run.ThrowIfBlamed();
            run.piecesOfTurn = 0;
            both.Code(run, both.With);
            return run.Turn();
        }
        catch (Exception exception) // Whatever it is, the task fails and is tried again.
        {
            return run.Failed(exception);
        }
    }, (Code: code, With: with));

    private void RunLive(TaskNews news)
    {
        Begin(news.Now, news.StartedEventId, news.HistorySize, news.SuggestContinueAsNew);
        if (awaitsOwnTask && HasCommands())
        {
            // A task that left no trace had none. This one's were refused, and the code has gone on as if they were not.
            throw new InvalidOperationException($"{Author}: the commands of its last task are not in its history; another instance must be made.");
        }

        issued.Clear();
        messages.Clear();
        (awaitsOwnTask, inTask) = (true, true);
        replaying = false;
        Activate(news.Updates, validates: true);
        foreach (var step in news.LocalSteps)
        {
            EndLocal(step);
        }

        ThrowIfStuck();
    }

    private bool HasCommands()
    {
        foreach (var command in issued)
        {
            if (!command.Withdrawn)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Runs the code on what it has not seen.</summary>
    private void Activate(IReadOnlyList<UpdateRequest> updates, bool validates)
    {
        piecesOfTurn = 0; // Of each task anew: a long history is no loop.
        var first = main is null && unread.Count > 0;
        var hasNews = unread.Count > 0;
        foreach (var unseen in unread)
        {
            Post(static state => state.Run.Apply(state.News), (Run: this, News: unseen));
        }

        unread.Clear();
        accepted = false;
        foreach (var update in updates)
        {
            Post(static state => state.Run.StartUpdate(state.Update, state.Validates), (Run: this, Update: update, Validates: validates));
        }

        if (first)
        {
            Post(static run => run.main = run.RunMainAsync(), this);
        }

        RunPieces();
        if (hasNews || accepted)
        {
            // Without news, and with nothing but rejected updates, the task may leave no trace: then no code may have gone on.
            Drain();
        }
    }

    /// <summary>Runs the code until all of it waits.</summary>
    private void Drain()
    {
        do
        {
            RunPieces();
        }
        while (!closed && WakeOne());
    }

    private void RunPieces()
    {
        while (!closed && Pump.RunNext())
        {
            ThrowIfBlamed();
            if (++piecesOfTurn > MostPieces)
            {
                throw new InvalidOperationException($"{Author} goes on and on without waiting for anything: {MostPieces} pieces of its code ran in one turn.");
            }
        }

        ThrowIfBlamed();
        if (closed)
        {
            Pump.Clear();
        }
    }

    private void Post<T>(Action<T> piece, T state) =>
        Pump.Post(static both => { var (run, with) = ((Action<T>, T))both!; run(with); }, (piece, state));

    private TaskTurn Turn()
    {
        ThrowIfBlamed();
        var (toRun, toStop) = TakeLocals();
        return new(toRun, toStop, Waits: !closed && HasOpenLocals(), null) { Asks = issued.Exists(static entry => !entry.Withdrawn && entry.Command is not RecordMarker) };
    }

    private TaskTurn Failed(Exception exception)
    {
        dead = true;
        Pump.Clear();
        var cause = exception is WorkflowNonDeterminismException ? WorkflowTaskFailedCause.NonDeterministicError : WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure;
        return new([], AllGivenLocals(), Waits: false, new(Identity, cause, FailureConverter.ToFailure(exception, JsonPayloadConverter.Default)));
    }
}
