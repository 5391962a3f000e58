using Grpc.Core;
using Microsoft.Extensions.Options;
using Svom.Hosting;
using Svom.Outcomes;

namespace Svom.Feeds;

/// <summary>Runs the watches of the gRPC door: a bounded number at once, none longer than the platform runs, each with bookmarks.</summary>
internal sealed class Watches(IOptions<GrpcOptions> options, OpenStreams streams)
{
    // A quiet feed gives an empty part each five seconds.
    private const int QuietParts = 3;

    private int open;

    /// <summary>Tells a feed until its reader leaves or the platform stops.</summary>
    /// <param name="after">Where the reader was; null: at the end of the feed.</param>
    /// <param name="head">Reads the feed's end.</param>
    /// <param name="exact">False when the end may be a moment behind what another silo has told already: then no number is beyond it.</param>
    /// <param name="feed">Reads the feed on from a number.</param>
    /// <param name="tell">What the reader is told of a part; what it did not ask for is left out.</param>
    /// <param name="bookmark">Says up to where all was told.</param>
    public Task RunAsync<T, TEvent>(
        ServerCallContext call, IServerStreamWriter<TEvent> stream, long? after, Func<CancellationToken, Task<long>> head, bool exact,
        Func<long, CancellationToken, IAsyncEnumerable<FeedPart<T>>> feed, Func<FeedPart<T>, CancellationToken, Task<IReadOnlyList<TEvent>>> tell, Func<long, TEvent> bookmark) =>
        HoldAsync(call, async end =>
        {
            var newest = await head(end);
            if (after < 0 || (exact && after > newest))
            {
                throw new Problem(ProblemTypes.InvalidParameter, $"'after' is a number from 0 to that of the newest one, {newest}.") { Parameter = "after" }.ToRpcException();
            }

            await TellAsync(stream, after ?? newest, feed, tell, bookmark, end);
        });

    /// <summary>Keeps a place among the watches for as long as one runs, and says at its end why the platform ended it.</summary>
    /// <param name="watch">Runs until its token is cancelled: the reader left, or the platform stops.</param>
    public async Task HoldAsync(ServerCallContext call, Func<CancellationToken, Task> watch)
    {
        streams.Enter(call);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, streams.Stopping);
        try
        {
            if (Interlocked.Increment(ref open) > options.Value.MaxWatches)
            {
                throw new Problem(ProblemTypes.Overloaded, "Too many watches are open.") { RetryAfterSeconds = 5 }.ToRpcException();
            }

            await watch(end.Token);
        }
        catch (OperationCanceledException) when (streams.Stopping.IsCancellationRequested && !call.CancellationToken.IsCancellationRequested)
        {
            throw new Problem(ProblemTypes.Unavailable, "The platform stops. Watch again later, from the last number where there is one.") { RetryAfterSeconds = 2 }.ToRpcException();
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    private static async Task TellAsync<T, TEvent>(
        IServerStreamWriter<TEvent> stream, long from, Func<long, CancellationToken, IAsyncEnumerable<FeedPart<T>>> feed,
        Func<FeedPart<T>, CancellationToken, Task<IReadOnlyList<TEvent>>> tell, Func<long, TEvent> bookmark, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bookmark(from), cancellationToken);
        var quiet = 0;
        await foreach (var part in feed(from, cancellationToken).WithCancellation(cancellationToken))
        {
            var events = await tell(part, cancellationToken);
            foreach (var told in events)
            {
                await stream.WriteAsync(told, cancellationToken); // A slow reader holds its own watch back, nobody else's.
            }

            quiet = events.Count > 0 ? 0 : quiet + 1;
            if (quiet == QuietParts)
            {
                quiet = 0;
                await stream.WriteAsync(bookmark(part.UpTo), cancellationToken);
            }
        }
    }
}
