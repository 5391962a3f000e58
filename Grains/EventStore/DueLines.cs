namespace Svom.EventStore;

/// <summary>
/// Whose time has come: one line for each stream, so that a stream is woken for one name at a time and holds up no other. Not
/// thread-safe.
/// </summary>
internal sealed class DueLines
{
    // A stream is here while it is being woken or stands among those that could be.
    private readonly Dictionary<StreamId, Line> lines = [];
    private readonly Queue<Line> free = new();

    /// <summary>Streams being woken.</summary>
    public int Running { get; private set; }

    public bool IsRunning(DueRow row) => lines.TryGetValue(row.Stream, out var line) && line.Running?.Row == row;

    public void Add(DueWheel.Entry entry)
    {
        if (!lines.TryGetValue(entry.Row.Stream, out var line))
        {
            lines[entry.Row.Stream] = line = new();
            free.Enqueue(line);
        }

        line.Waiting.Enqueue(entry);
    }

    /// <returns>The next whose stream is not being woken; null when there is none. <see cref="Done"/> ends it.</returns>
    public DueWheel.Entry? Take()
    {
        if (!free.TryDequeue(out var line))
        {
            return null;
        }

        Running++;
        return line.Running = line.Waiting.Dequeue();
    }

    public void Done(DueWheel.Entry entry)
    {
        Running--;
        var line = lines[entry.Row.Stream];
        line.Running = null;
        if (line.Waiting.Count > 0)
        {
            free.Enqueue(line); // At the end: a stream with many names waits for its turn like the others.
        }
        else
        {
            lines.Remove(entry.Row.Stream);
        }
    }

    private sealed class Line
    {
        public Queue<DueWheel.Entry> Waiting { get; } = new();

        public DueWheel.Entry? Running { get; set; }
    }
}
