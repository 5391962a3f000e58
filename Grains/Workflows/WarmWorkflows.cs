using Microsoft.Extensions.Options;

namespace Svom.Workflows;

/// <summary>A workflow in memory.</summary>
internal interface IWarmWorkflow
{
    /// <summary>Asks it to leave memory; it stays when it has something in hand. Any thread may call it.</summary>
    void Leave();
}

/// <summary>
/// Which workflows stay in memory between two tasks: the most recently used, for a while. A sleeping or waiting workflow then costs
/// a row and nothing here. One timer for all of them, and none while there are none.
/// </summary>
internal sealed class WarmWorkflows : IDisposable
{
    // After fewer than these the memory that they leave is not worth a collection.
    private const int Many = 1_000;

    private readonly Lock gate = new();
    // One that is over has told its end to those who waited; somebody may still ask for it. More of them would only live through collections.
    private const int KeptOver = 64;

    private readonly LinkedList<(IWarmWorkflow Workflow, long Used)> order = [];
    private readonly LinkedList<(IWarmWorkflow Workflow, long Used)> over = [];
    private readonly Dictionary<IWarmWorkflow, LinkedListNode<(IWarmWorkflow Workflow, long Used)>> nodes = [];
    private readonly WorkflowEngineOptions options;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private bool ticking;
    private int leaving;

    public WarmWorkflows(IOptions<WorkflowEngineOptions> options, TimeProvider time)
    {
        (this.options, this.time) = (options.Value, time);
        timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Workflows in memory.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return nodes.Count;
            }
        }
    }

    /// <summary>It has just been used.</summary>
    /// <param name="ended">It has no open run: it leaves soon, unless it is used again.</param>
    public void Touch(IWarmWorkflow workflow, bool ended)
    {
        IWarmWorkflow? eldest = null;
        lock (gate)
        {
            Use(workflow, ended ? over : order);
            if ((over.Count > KeptOver ? over.First : nodes.Count > options.Warm ? order.First ?? over.First : null) is { } first)
            {
                eldest = first.Value.Workflow;
                Remove(first);
                leaving++;
            }
        }

        eldest?.Leave();
    }

    /// <summary>It could not leave: it is asked again after a while, not at once, however many there are.</summary>
    public void Keep(IWarmWorkflow workflow)
    {
        lock (gate)
        {
            Use(workflow, order);
        }
    }

    /// <summary>It has left.</summary>
    public void Left(IWarmWorkflow workflow)
    {
        lock (gate)
        {
            if (nodes.TryGetValue(workflow, out var node))
            {
                Remove(node);
            }
        }
    }

    public void Dispose() => timer.Dispose();

    private TimeSpan Pause => options.WarmFor > TimeSpan.FromSeconds(1) ? options.WarmFor / 4 : TimeSpan.FromMilliseconds(250);

    private void Tick()
    {
        var idle = new List<IWarmWorkflow>();
        lock (gate)
        {
            var now = time.GetTimestamp();
            foreach (var list in (LinkedList<(IWarmWorkflow Workflow, long Used)>[])[order, over])
            {
                while (list.First is { } first && time.GetElapsedTime(first.Value.Used, now) >= options.WarmFor)
                {
                    idle.Add(first.Value.Workflow);
                    Remove(first);
                }
            }

            leaving += idle.Count;
            ticking = nodes.Count > 0 || idle.Count > 0;
            if (ticking)
            {
                timer.Change(Pause, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (var workflow in idle)
        {
            workflow.Leave();
        }

        if (idle.Count == 0)
        {
            GiveMemoryBack();
        }
    }

    /// <summary>
    /// Thousands that fell asleep leave a heap that is mostly air, and a runtime that has nothing to do keeps it for hours. Once nobody is warm any more,
    /// one collection gives it back to the system.
    /// </summary>
    private void GiveMemoryBack()
    {
        lock (gate)
        {
            if (nodes.Count > 0 || leaving < Many)
            {
                return;
            }

            leaving = 0;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private void Use(IWarmWorkflow workflow, LinkedList<(IWarmWorkflow Workflow, long Used)> list)
    {
        if (nodes.TryGetValue(workflow, out var node))
        {
            node.List!.Remove(node);
            node.Value = (workflow, time.GetTimestamp());
            list.AddLast(node);
        }
        else
        {
            nodes[workflow] = list.AddLast((workflow, time.GetTimestamp()));
        }

        if (!ticking)
        {
            ticking = true;
            timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Remove(LinkedListNode<(IWarmWorkflow Workflow, long Used)> node)
    {
        node.List!.Remove(node);
        nodes.Remove(node.Value.Workflow);
    }
}
