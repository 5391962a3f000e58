using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Svom.Support.Hostile;

/// <summary>What came of one kind of hostile input. Many send at once.</summary>
internal sealed class AttackTally(HostileKind kind, long seed)
{
    private const int MostTold = 40;
    private readonly ConcurrentDictionary<string, long> answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> faults = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> told = new();
    private long began = Stopwatch.GetTimestamp();
    private long inputs;
    private long accepted;
    private TimeSpan? took;

    public HostileKind Kind => kind;

    /// <summary>Inputs that were answered, one way or other.</summary>
    public long Inputs => Interlocked.Read(ref inputs);

    /// <summary>Receptions that answers said are stored.</summary>
    public long Accepted => Interlocked.Read(ref accepted);

    public TimeSpan Elapsed => took ?? Stopwatch.GetElapsedTime(began);

    public double Rate => Inputs / Elapsed.TotalSeconds;

    /// <summary>Answers by what they said, most frequent first.</summary>
    public string Answers => string.Join(", ", answers.OrderByDescending(static one => one.Value).Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {one.Value}")));

    /// <summary>What must not have happened: the first of each kind in full, with the index that makes it again, and how often.</summary>
    public IReadOnlyList<string> Faults => [.. told, .. faults.Where(static one => one.Value > 1).Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Value} times: {one.Key}"))];

    /// <summary>How often an answer was this one.</summary>
    public long Count(string answer) => answers.GetValueOrDefault(answer);

    public void Answer(string what, long count = 1)
    {
        answers.AddOrUpdate(what, count, (_, known) => known + count);
        Interlocked.Add(ref inputs, count);
    }

    /// <summary>Something beside the inputs: not counted as one.</summary>
    public void Note(string what, long count) => answers.AddOrUpdate(what, count, (_, known) => known + count);

    public void Stored(long receptions) => Interlocked.Add(ref accepted, receptions);

    /// <param name="sort">What failed: the same for all of its kind.</param>
    /// <param name="index">Makes the input again, with the seed.</param>
    public void Fault(string sort, long index, string evidence)
    {
        if (faults.AddOrUpdate(sort, 1, static (_, known) => known + 1) <= 3 && told.Count < MostTold)
        {
            told.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{kind} seed {seed} index {index}: {sort}: {evidence}"));
        }
    }

    /// <summary>What was done before does not count in the rate.</summary>
    public void Begin() => began = Stopwatch.GetTimestamp();

    public void End() => took = Elapsed;
}
