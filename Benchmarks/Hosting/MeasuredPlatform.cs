using Microsoft.Extensions.DependencyInjection;
using Svom.EventStore;
using Svom.Packets;

namespace Svom.Hosting;

/// <summary>The whole platform in this process, on a folder of its own that goes with it.</summary>
internal sealed class MeasuredPlatform : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private readonly RunningPlatform platform;

    private MeasuredPlatform(RunningPlatform platform) => this.platform = platform;

    /// <summary>Free ports, and a console that only warns.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> Settings { get; } =
    [
        new("Svom:Ports:Http", "0"), new("Svom:Ports:Grpc", "0"), new("Svom:Ports:Mqtt", "0"),
        new("Logging:Console:LogLevel:Default", "Warning"), new("Logging:Console:LogLevel:Orleans", "Error"),
    ];

    public string Http => platform.Http;

    public int GrpcPort => platform.GrpcPort;

    public string Token => platform.Token.Text;

    public IGrainFactory Grains => Service<IGrainFactory>();

    public IPacketLog Log => Service<IPacketLog>();

    public static async Task<MeasuredPlatform> StartAsync(CancellationToken cancellationToken, Action<IServiceCollection>? more = null, IEnumerable<KeyValuePair<string, string?>>? settings = null) =>
        new(await Platform.StartAsync(Directory.CreateTempSubdirectory("svom-bench-").FullName, [.. Settings, .. settings ?? []], cancellationToken, builder => more?.Invoke(builder.Services)));

    public T Service<T>()
        where T : notnull => platform.Application.Services.GetRequiredService<T>();

    /// <summary>Waits until the sequencer has routed all of a feed and nothing is owed to anybody: every burst has taken its packets.</summary>
    public async Task SettledAsync(FeedId feed, CancellationToken cancellationToken)
    {
        var store = Service<IEventStore>();
        var routed = new RoutedPosition(store, feed);
        while (true)
        {
            var position = await routed.ReadAsync(cancellationToken);
            var rest = await Log.ReadAsync(feed, position, 1, packetsOnly: true, cancellationToken);
            if (rest.Items.Count == 0 && Service<OwedDispatcher>().Outstanding == 0 && (await store.OwedAsync(0, EventStore.StreamId.ShardCount, 1, cancellationToken)).Count == 0)
            {
                return;
            }

            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await platform.DisposeAsync();
        Directory.Delete(platform.DataFolder, recursive: true);
    }

    /// <summary>How far a feed's sequencer is, read from its stream.</summary>
    private sealed class RoutedPosition(IEventStore store, FeedId feed)
    {
        private static readonly RecordFormat<SequencerRecord> Format = new(SequencerJson.Default.SequencerRecordArray);
        private long version;
        private long position;

        public async Task<long> ReadAsync(CancellationToken cancellationToken)
        {
            var stream = new EventStore.StreamId($"sequencer/{feed}");
            while (await store.ReadAsync(stream, version, 1_000, cancellationToken) is { Count: > 0 } rows)
            {
                version = rows[^1].Version;
                position = rows.SelectMany(static row => Format.Decode(row.Payload)).OfType<SequencerRecord.Took>().Select(static took => took.UpTo).Append(position).Max();
            }

            return position;
        }
    }
}
