using System.Text.Json;
using Orleans.Concurrency;
using Svom.EventStore;
using Svom.Packets;

namespace Svom.Stations;

/// <summary>One station in one feed: all that it ever delivered. Key: feed, slash, station id.</summary>
[Alias("svom.station")]
internal interface IStationGrain : IGrainWithStringKey
{
    /// <summary>Adds pieces in log order; those that it has change nothing.</summary>
    [Alias("take")]
    Task TakeAsync(StationMessage[] pieces, CancellationToken cancellationToken);
}

/// <summary>What a watch tells a station.</summary>
/// <param name="Delta">As JSON: the form in which it is stored.</param>
[GenerateSerializer, Immutable, Alias("svom.station-message")]
internal sealed record StationMessage([property: Id(0)] ReadOnlyMemory<byte> Delta);

/// <summary>Sums up in its own stream and leaves the sum as a search row: lists ask no station.</summary>
[Reentrant]
internal sealed class StationGrain : Grain, IStationGrain
{
    private const int SnapshotEvery = 32;
    private const byte SnapshotVersion = 1;
    private readonly IEventStore store;
    private readonly TimeProvider time;
    private readonly Inbox<StationMessage[], bool> inbox;
    private EventSourced<StationTally, StationDelta> station = null!;

    public StationGrain(IEventStore store, TimeProvider time)
    {
        (this.store, this.time) = (store, time);
        inbox = new(CommitAsync);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        station = new(
            store, new($"station/{this.GetPrimaryKeyString()}"), StationTally.Empty, StationTally.Apply, new(StationJson.Default.StationDeltaArray), time,
            SnapshotFormat<StationTally>.Json(StationJson.Default.StationTally, SnapshotVersion, SnapshotEvery));
        return station.LoadAsync(cancellationToken);
    }

    public Task TakeAsync(StationMessage[] pieces, CancellationToken cancellationToken) => inbox.PutAsync(pieces);

    private async Task<IReadOnlyList<bool>> CommitAsync(IReadOnlyList<StationMessage[]> pieces)
    {
        var deltas = pieces.SelectMany(static some => some).Select(static message => JsonSerializer.Deserialize(message.Delta.Span, StationJson.Default.StationDelta)!).ToArray();
        await station.CommitAsync(
            tally => deltas.Where(delta => delta.UpTo > tally.UpTo).DistinctBy(static delta => delta.UpTo).OrderBy(static delta => delta.UpTo).ToArray() is { Length: > 0 } news
                ? new(news) { Index = [StationIndex.Row(this.GetPrimaryKeyString(), news.Aggregate(tally, StationTally.Apply))] }
                : null,
            CancellationToken.None);
        return new bool[pieces.Count];
    }
}

/// <summary>What a piece of the log adds to one station.</summary>
internal sealed record StationNews(string Station, StationDelta Delta);

/// <summary>Brings counts to stations: one row for many of them, so that a flood of names does not make a flood of rows.</summary>
internal sealed class StationRoute(IGrainFactory grains) : IOwedRoute
{
    public const string RouteName = "stations";

    private const int StationsPerRow = 500;

    public string Name => RouteName;

    public static IEnumerable<Owed> To(FeedId feed, IEnumerable<StationNews> news) => news.Chunk(StationsPerRow).Select(
        some => new Owed(RouteName, feed.ToString(), JsonSerializer.SerializeToUtf8Bytes(some, StationJson.Default.StationNewsArray)));

    public Task DeliverAsync(string target, IReadOnlyList<OwedRow> rows, CancellationToken cancellationToken) => Task.WhenAll(rows
        .SelectMany(static row => JsonSerializer.Deserialize(row.Message.Payload.Span, StationJson.Default.StationNewsArray)!)
        .GroupBy(static news => news.Station, StringComparer.Ordinal)
        .Select(station => grains.GetGrain<IStationGrain>(StationIndex.Key(FeedId.Parse(target), station.Key)).TakeAsync(
            [.. station.Select(static news => new StationMessage(JsonSerializer.SerializeToUtf8Bytes(news.Delta, StationJson.Default.StationDelta)))], cancellationToken)));
}
