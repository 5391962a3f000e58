namespace Svom.EventStore;

/// <summary>
/// A writer that does not wait for its answers sends version n and n + 1 at once. When n is stale, n + 1 may by chance expect just
/// the head that somebody else made, and would land as a foreign record in his history. So what was queued for a stream before
/// a refusal could be known, and expects more than the refused append did, is refused as well.
/// Used by the writer's thread alone.
/// </summary>
internal sealed class StalePipelines
{
    private const long NotAnswered = long.MaxValue;

    private readonly Dictionary<string, (long Expected, long Until)> _refused = new(StringComparer.Ordinal);

    /// <summary>True for an append that was queued behind a refused one of its stream, before that was answered.</summary>
    public bool Covers(string stream, long expected, long ticket)
    {
        if (_refused.Count == 0 || !_refused.TryGetValue(stream, out var refused))
        {
            return false;
        }

        if (ticket > refused.Until)
        {
            _refused.Remove(stream);
            return false;
        }

        return expected > refused.Expected;
    }

    /// <summary>An append was found stale in the open transaction.</summary>
    public void Refused(string stream, long expected, long ticket)
    {
        var before = _refused.TryGetValue(stream, out var refused) && ticket <= refused.Until ? refused.Expected : expected;
        _refused[stream] = (Math.Min(before, expected), NotAnswered);
    }

    /// <summary>The refusal is about to be told: what is queued from now on may know of it.</summary>
    public void Answered(string stream, long lastTicket)
    {
        if (_refused.TryGetValue(stream, out var refused))
        {
            _refused[stream] = (refused.Expected, lastTicket);
        }
    }

    /// <summary>The transaction was undone: refusals that were not told never happened.</summary>
    public void Forget()
    {
        foreach (var stream in _refused.Where(static one => one.Value.Until == NotAnswered).Select(static one => one.Key).ToArray())
        {
            _refused.Remove(stream);
        }
    }
}
