using Svom.Ccsds;
using Svom.Simulation;
using Svom.Sky;

namespace Svom.Faults;

/// <summary>
/// What comes in beside the story: some hundred receptions of recurrent packets a second, each packet heard by two stations, half in a rehearsal
/// and half in the story's own feed, through the same door, sent again until they are answered. Those of the live feed are of the
/// day before, delivered late and in no order: neighbours never agree on a time, so that the feed's clock stays the story's.
/// </summary>
internal sealed class BackgroundLoad : IAsyncDisposable
{
    /// <summary>The rehearsal of the load.</summary>
    public const string Session = "load";

    private const int LanesOfAFeed = 3;
    private const int LargestBatch = 80;
    private const int LongestPauseMs = 400;
    private static readonly Scenario Quiet = new("load", new Attitude(10, 20, 30), new GeodeticPosition(0, 0, 620), null, null, [], null);
    private readonly CancellationTokenSource enough = new();
    private readonly HttpClient door;
    private readonly string token;
    private readonly DateTimeOffset story;
    private readonly Task<LaneSum>[] lanes;
    private int livePackets;
    private int rehearsedPackets;

    /// <param name="story">Mission time of the story's begin.</param>
    public BackgroundLoad(AcknowledgedReceptions acknowledged, Uri platform, string token, DateTimeOffset story, int seed)
    {
        (this.token, this.story) = (token, story);
        door = new(acknowledged, disposeHandler: false) { BaseAddress = platform, Timeout = TimeSpan.FromSeconds(30) };
        lanes = [.. Enumerable.Range(0, 2 * LanesOfAFeed).Select(lane => SendAsync(lane % 2 == 0 ? null : Session, new Random(unchecked((31 * seed) + lane))))];
    }

    /// <summary>Ends the load; done when the last reception is answered.</summary>
    /// <exception cref="PlatformException">The platform refused, or stayed away too long.</exception>
    public async Task<LaneSum> EndAsync()
    {
        await enough.CancelAsync();
        return (await Task.WhenAll(lanes)).Aggregate(static (all, lane) => all + lane);
    }

    public async ValueTask DisposeAsync()
    {
        await enough.CancelAsync();
        await Task.WhenAll(lanes).ContinueWith(static _ => { }, TaskScheduler.Default); // Its failure was told by the end, or something else failed first.
        door.Dispose();
        enough.Dispose();
    }

    // A batch that began is sent until it is answered: in the end everything that was ever sent has to be in the log.
    private async Task<LaneSum> SendAsync(string? session, Random random)
    {
        var platform = new PlatformClient(door, token, TimeProvider.System) { Patience = TimeSpan.FromSeconds(40) };
        var sum = new LaneSum(0, 0, 0, new(0, 0, 0), 0);
        while (!enough.IsCancellationRequested)
        {
            var batch = Batch(session, 2 * random.Next(1, (LargestBatch / 2) + 1));
            var before = platform.Retries;
            var answer = await platform.SendAsync(batch, TestContext.Current.CancellationToken);
            sum += new LaneSum(batch.Count, session is null ? batch.Count : 0, platform.Retries > before ? 1 : 0, answer, answer.Duplicates > 0 ? 1 : 0);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestPauseMs)), TimeProvider.System);
        }

        return sum;
    }

    private ReceptionBatch Batch(string? session, int receptions)
    {
        var batch = new ReceptionBatch();
        while (batch.Count < receptions)
        {
            var n = session is null ? Interlocked.Increment(ref livePackets) : Interlocked.Increment(ref rehearsedPackets);
            var at = session is null ? DayBefore(n) : story.AddMilliseconds(10 * n);
            var frame = FactPackets.Recurrent(Quiet, at).Frame(n % SpacePacketHeader.SequenceModulus);
            foreach (var station in new[] { n, n + 17 })
            {
                batch.Add(StationNetwork.All[station % StationNetwork.All.Count].Code, at.AddMilliseconds(1_500 + (station - n)), frame, null, session);
            }
        }

        return batch;
    }

    // Steps of fourteen minutes round the day before, each time moved by what makes every packet another one.
    private DateTimeOffset DayBefore(int n) => story.AddMinutes(-60 - (14 * n % 1_438)).AddMilliseconds(n % 1_000);
}

/// <summary>What a load came to.</summary>
/// <param name="Live">Of those sent, receptions in the story's feed.</param>
/// <param name="Again">Batches that had to be sent again.</param>
/// <param name="Unheard">Batches that were stored before, and the answer was lost.</param>
internal sealed record LaneSum(int Sent, int Live, int Again, IngestSum Answered, int Unheard)
{
    public static LaneSum operator +(LaneSum one, LaneSum two) =>
        new(one.Sent + two.Sent, one.Live + two.Live, one.Again + two.Again, one.Answered + two.Answered, one.Unheard + two.Unheard);
}
