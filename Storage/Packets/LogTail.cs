namespace Svom.Packets;

/// <summary>
/// The newest packets of all feeds in memory, just as the file has them: a reader that is not behind needs no query. Bounded over
/// all feeds together, so that a thousand rehearsals hold no more than one.
/// </summary>
/// <param name="limit">Packets and commits held; beyond it the oldest go.</param>
internal sealed class LogTail(int limit)
{
    /// <summary>Some minutes of the satellite's packets; about 2 MB.</summary>
    public const int Length = 4_096;

    private readonly Lock _gate = new();
    private readonly Dictionary<FeedId, FeedTail> _feeds = [];
    private readonly Queue<FeedId> _order = [];
    private int _held;

    /// <summary>Called by the writer once a commit has landed, before anybody can know of it.</summary>
    /// <param name="feed">The feed that grew.</param>
    /// <param name="after">Its head before.</param>
    /// <param name="upTo">Its head now.</param>
    /// <param name="packets">The first valid copies between, by position.</param>
    public void Add(FeedId feed, long after, long upTo, IReadOnlyList<LoggedReception> packets)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(feed, out var tail))
            {
                _feeds.Add(feed, tail = new() { From = after });
            }
            else if (tail.UpTo != after)
            {
                tail.From = after; // Something between landed without our knowing: the file alone has it.
            }

            tail.UpTo = upTo;
            tail.Slices.Add(new(upTo, packets));
            _order.Enqueue(feed);
            _held += 1 + packets.Count;
            while (_held > limit)
            {
                DropOldest();
            }
        }
    }

    /// <summary>Rows of a feed were changed in the file: what is held of it up to now is no longer true.</summary>
    public void Distrust(FeedId feed)
    {
        lock (_gate)
        {
            if (_feeds.TryGetValue(feed, out var tail))
            {
                tail.From = tail.UpTo;
            }
        }
    }

    /// <param name="feed">The feed.</param>
    /// <param name="after">Position before the first.</param>
    /// <param name="head">Head of the feed, taken before.</param>
    /// <param name="max">Most packets.</param>
    /// <returns>What a query would find; null when that reaches back too far, or to what landed without our knowing.</returns>
    public LogSlice? Read(FeedId feed, long after, long head, int max)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(feed, out var tail) || after < tail.From || tail.UpTo < head)
            {
                return null;
            }

            var items = new List<LoggedReception>();
            for (var n = tail.FirstBeyond(after); n < tail.Slices.Count; n++)
            {
                foreach (var packet in tail.Slices[n].Packets.Where(packet => packet.Position > after))
                {
                    items.Add(packet);
                    if (items.Count >= max)
                    {
                        return new(items, packet.Position);
                    }
                }
            }

            return new(items, tail.UpTo);
        }
    }

    private void DropOldest()
    {
        var feed = _order.Dequeue();
        var tail = _feeds[feed];
        var slice = tail.TakeOldest();
        tail.From = Math.Max(tail.From, slice.UpTo);
        _held -= 1 + slice.Packets.Count;
        if (tail.Slices.Count == 0)
        {
            _feeds.Remove(feed);
        }
    }

    /// <summary>What is held of one feed.</summary>
    private sealed class FeedTail
    {
        /// <summary>Every packet beyond this position and up to <see cref="UpTo"/> is held.</summary>
        public long From { get; set; }

        public long UpTo { get; set; }

        /// <summary>In the order of their positions; the first <see cref="Gone"/> are dropped.</summary>
        public List<Slice> Slices { get; } = [];

        public int Gone { get; private set; }

        /// <summary>Number of the first slice that reaches beyond a position. From the end, for most readers lack the newest alone.</summary>
        public int FirstBeyond(long position)
        {
            var n = Slices.Count;
            while (n > Gone && Slices[n - 1].UpTo > position)
            {
                n--;
            }

            return n;
        }

        public Slice TakeOldest()
        {
            var oldest = Slices[Gone];
            Slices[Gone++] = null!; // Held by nobody.
            if (Gone * 2 >= Slices.Count)
            {
                Slices.RemoveRange(0, Gone);
                Gone = 0;
            }

            return oldest;
        }
    }

    /// <summary>What one commit brought to a feed.</summary>
    private sealed record Slice(long UpTo, IReadOnlyList<LoggedReception> Packets);
}
