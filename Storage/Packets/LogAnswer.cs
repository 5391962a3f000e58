using Svom.EventStore;

namespace Svom.Packets;

/// <summary>What a call brings to one feed.</summary>
/// <param name="feed">The feed.</param>
/// <param name="after">Its head before.</param>
internal sealed class FeedGrowth(FeedId feed, long after)
{
    public FeedId Feed => feed;

    public long After => after;

    public long UpTo { get; set; }

    /// <summary>First valid copies, by position.</summary>
    public List<LoggedReception> Packets { get; } = [];

    /// <summary>A content came under a known header, so that an older row may have been flagged too.</summary>
    public bool Conflict { get; set; }
}

/// <summary>The caller's side of an ingest, whatever writes it, and what readers hear of it.</summary>
internal sealed class LogAnswer(IReadOnlyList<CheckedReception> receptions, FeedHeads heads, LogTail tail)
{
    // What a reception weighs beside its octets: rows and index entries.
    private const int RowOctets = 200;

    private readonly TaskCompletionSource<LogAppend> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<FeedGrowth> _grown = [];
    private LogAppend? _result;

    public Task<LogAppend> Task => _answer.Task;

    /// <summary>Refuses what would break the tables; the ingest checks it before.</summary>
    /// <returns>What the call weighs in the queue.</returns>
    public static long Weigh(IReadOnlyList<CheckedReception> receptions)
    {
        long octets = 0;
        foreach (var reception in receptions)
        {
            octets += RowOctets + reception.Reception.Octets.Length;
            if (reception.Verdict.IsPacket() != reception.Header is not null || reception.Header is { Apid: < 0 or > 2047 }
                || AppCode.Of(reception.Verdict, reception.Header) == AppCode.None != reception.Header is null)
            {
                throw new ArgumentException($"A reception that is {reception.Verdict} has header {reception.Header}.", nameof(receptions));
            }

            if (reception.Reception.Octets.Length is 0 or > Reception.MaxOctets || string.IsNullOrEmpty(reception.Reception.Station))
            {
                throw new ArgumentException("A reception needs a station and 1 to 4096 octets.", nameof(receptions));
            }
        }

        return octets;
    }

    /// <summary>The reception as a query would give it back: with an array of its own, for the request's is large and soon let go.</summary>
    public static LoggedReception Logged(long position, bool conflict, CheckedReception reception, DateTimeOffset storedAt)
    {
        var (id, taken) = (reception.Id, reception.Reception);
        return new(
            position, taken.Station, DateTimeOffset.FromUnixTimeMilliseconds(taken.ReceivedAt.ToUnixTimeMilliseconds()), taken.SignalDbm, reception.Verdict, id,
            reception.Header is { } header ? header with { PacketTime = header.PacketTime.ToUniversalTime() } : null,
            FirstCopy: true, conflict, storedAt.ToUniversalTime(), taken.Octets.ToArray());
    }

    /// <summary>What the transaction at hand makes of it.</summary>
    /// <param name="positions">Of the receptions that were stored, in their order.</param>
    /// <param name="invalid">How many of them were diverted.</param>
    /// <param name="grown">The feeds that grew.</param>
    public void Decide(IReadOnlyList<long> positions, int invalid, IReadOnlyList<FeedGrowth> grown)
    {
        _grown = grown;
        var oneFeed = positions.Count > 0 && receptions.All(one => one.Feed == receptions[0].Feed);
        _result = new(positions.Count, receptions.Count - positions.Count, invalid, oneFeed ? positions[0] : null, oneFeed ? positions[^1] : null);
    }

    public void Committed()
    {
        // Before the answer: who has been answered finds its receptions counted.
        foreach (var growth in _grown)
        {
            tail.Add(growth.Feed, growth.After, growth.UpTo, growth.Packets);
            if (growth.Conflict)
            {
                tail.Distrust(growth.Feed);
            }

            heads.Publish(growth.Feed, growth.UpTo);
        }

        _answer.TrySetResult(_result!);
    }

    public void Failed(Exception failure) =>
        _answer.TrySetException(new AppendUncertainException($"The commit of {receptions.Count} receptions failed; sending them again is safe.", failure));

    public void Cancelled(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);
}
