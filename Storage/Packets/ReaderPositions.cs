namespace Svom.Packets;

/// <summary>Positions of named readers: in memory at once, in the store with a commit that comes along anyway.</summary>
internal sealed class ReaderPositions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Reader, FeedId Feed), long> _saved = [];
    private readonly HashSet<(string Reader, FeedId Feed)> _unwritten = [];

    public long? Saved(string reader, FeedId feed)
    {
        lock (_gate)
        {
            return _saved.TryGetValue((reader, feed), out var position) ? position : null;
        }
    }

    /// <returns>True when it has to be written; false when work for it waits already and will find the newest position.</returns>
    public bool Save(string reader, FeedId feed, long position)
    {
        var key = (reader, feed);
        lock (_gate)
        {
            if (_saved.TryGetValue(key, out var saved) && saved >= position)
            {
                return false;
            }

            _saved[key] = position;
            return _unwritten.Add(key);
        }
    }

    /// <summary>The position to write. A position saved from now on needs work of its own.</summary>
    public long Take(string reader, FeedId feed)
    {
        lock (_gate)
        {
            _unwritten.Remove((reader, feed));
            return _saved[(reader, feed)];
        }
    }
}
