namespace Svom.Notifications.Mqtt;

/// <summary>
/// What one session has yet to acknowledge, by archive sequence. An alert goes to several topics, and acknowledgements may come in any order:
/// only when nothing older is open has everything up to a sequence been taken. Not thread-safe.
/// </summary>
internal sealed class OwedAlerts
{
    private readonly SortedDictionary<long, int> _open = [];
    private long _newest;

    /// <summary>Every alert up to here that was owed is acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Reset(long acknowledged)
    {
        _open.Clear();
        (Acknowledged, _newest) = (acknowledged, acknowledged);
    }

    /// <summary>One message of an alert is queued.</summary>
    public void Owe(long sequence)
    {
        _open[sequence] = _open.GetValueOrDefault(sequence) + 1;
        _newest = Math.Max(_newest, sequence);
    }

    /// <returns>True when <see cref="Acknowledged"/> moved.</returns>
    public bool Acknowledge(long sequence)
    {
        if (_open.TryGetValue(sequence, out var messages) && messages > 1)
        {
            _open[sequence] = messages - 1;
        }
        else
        {
            _open.Remove(sequence);
        }

        var before = Acknowledged;
        Acknowledged = Math.Max(before, _open.Count == 0 ? _newest : _open.Keys.First() - 1);
        return Acknowledged > before;
    }
}
