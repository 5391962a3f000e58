namespace Svom.Packets;

/// <summary>Goes through the receptions of a batch in their order: which are stored, where, as copies of what, and who is told.</summary>
/// <param name="facts">What is stored before them. It holds as long as no feed of the batch grows, which the server compares.</param>
internal sealed class IngestPlan(IngestFacts facts)
{
    private readonly HashSet<SeenKey> _seen = [];
    private readonly Dictionary<ContentKey, long> _contents = [];
    private readonly HashSet<HeaderKey> _headers = [];

    /// <summary>Head of each feed with what the plan adds.</summary>
    public SortedDictionary<int, (long Was, long Head)> Feeds { get; } = [];

    public List<(KeyedReception Reception, long Position, long? CopyOf, long StoredTicks)> Receptions { get; } = [];

    public List<(ContentKey Key, long Position, bool Conflict, ReadOnlyMemory<byte> Octets)> Contents { get; } = [];

    /// <summary>Headers under which another content stands now: all of their contents get the flag.</summary>
    public HashSet<HeaderKey> Conflicts { get; } = [];

    /// <summary>Takes one call and decides its answer.</summary>
    public void Take(PostgresIngest call, IEnumerable<KeyedReception> receptions)
    {
        var grown = new Dictionary<int, FeedGrowth>();
        var positions = new List<long>();
        var invalid = 0;
        foreach (var one in receptions)
        {
            if (facts.IsSeen(one.Seen) || !_seen.Add(one.Seen))
            {
                continue;
            }

            var position = Next(one.Seen.Feed);
            positions.Add(position);
            invalid += one.Checked.Verdict.IsPacket() ? 0 : 1;
            if (!grown.TryGetValue(one.Seen.Feed, out var growth))
            {
                grown.Add(one.Seen.Feed, growth = new(one.Checked.Feed, position - 1));
            }

            growth.UpTo = position;
            Store(call, one, position, growth);
        }

        call.Answer.Decide(positions, invalid, [.. grown.Values]);
    }

    private long Next(int feed)
    {
        var (was, head) = Feeds.TryGetValue(feed, out var planned) ? planned : (facts.Head(feed), facts.Head(feed));
        Feeds[feed] = (was, head + 1);
        return head + 1;
    }

    private void Store(PostgresIngest call, KeyedReception one, long position, FeedGrowth growth)
    {
        var copyOf = _contents.TryGetValue(one.Content, out var added) ? added : facts.PositionOf(one.Content);
        Receptions.Add((one, position, copyOf, call.StoredAt.UtcTicks));
        if (copyOf is not null)
        {
            return;
        }

        var packet = one.Checked.Verdict.IsPacket();
        var conflict = packet && (!_headers.Add(one.Content.Header) || facts.IsKnown(one.Content.Header));
        _contents.Add(one.Content, position);
        Contents.Add((one.Content, position, conflict, one.Checked.Reception.Octets));
        if (conflict)
        {
            Conflicts.Add(one.Content.Header);
            growth.Conflict = true;
        }

        if (packet)
        {
            growth.Packets.Add(LogAnswer.Logged(position, conflict, one.Checked, call.StoredAt));
        }
    }
}
