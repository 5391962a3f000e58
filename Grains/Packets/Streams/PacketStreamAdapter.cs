using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Svom.Packets.Streams;

/// <summary>The packet stream's settings.</summary>
public sealed class PacketStreamOptions
{
    public const string Section = "Svom:Packets";

    /// <summary>Queues that feeds are spread over; one reads for all in a single process. Fixed for the life of a cluster.</summary>
    [Range(1, 64)]
    public int Queues { get; set; } = 1;
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
public sealed partial class PacketStreamOptionsValidator : IValidateOptions<PacketStreamOptions>;

/// <summary>
/// Durable Orleans streams over the packet log. The log is the source of truth: producers append to it, never to the stream, and
/// the provider only carries what is durable already.
/// </summary>
internal sealed partial class PacketStreamAdapter : IQueueAdapterFactory, IQueueAdapter
{
    private readonly IPacketLog log;
    private readonly TimeProvider time;
    private readonly HashRingBasedStreamQueueMapper mapper;
    private readonly SimpleQueueAdapterCache cache;
    private readonly DeadLetter failures;

    private PacketStreamAdapter(IServiceProvider services, string name)
    {
        Name = name;
        (log, time) = (services.GetRequiredService<IPacketLog>(), services.GetRequiredService<TimeProvider>());
        var queues = services.GetRequiredService<IOptions<PacketStreamOptions>>().Value.Queues;
        mapper = new(new() { TotalQueueCount = queues }, name);
        cache = new(new() { CacheSize = 512 }, name, services.GetRequiredService<ILoggerFactory>());
        failures = new(services.GetRequiredService<FeedCatchUp>(), services.GetRequiredService<ILogger<PacketStreamAdapter>>());
    }

    public string Name { get; }

    public bool IsRewindable => true;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public static IQueueAdapterFactory Create(IServiceProvider services, string name) => new PacketStreamAdapter(services, name);

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => cache;

    public IStreamQueueMapper GetStreamQueueMapper() => mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(failures);

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) =>
        new PacketStreamReceiver(log, time, feed => mapper.GetQueueForStream(PacketStream.Of(feed)) == queueId);

    public Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        throw new NotSupportedException("The packet stream carries what stands in the packet log: append there.");

    /// <summary>
    /// A subscriber that failed for a minute is skipped by the agent. The feed's next slice would show it the gap, but may be hours in
    /// coming: an alert among the skipped must not wait for it, so the log is read until it has been taken.
    /// </summary>
    private sealed partial class DeadLetter(FeedCatchUp catchUp, ILogger logger) : IStreamFailureHandler
    {
        public bool ShouldFaultSubsriptionOnError => false;

        public Task OnDeliveryFailure(GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
        {
            LogSkipped(streamIdentity, sequenceToken);
            catchUp.Want(FeedId.Parse(streamIdentity.GetKeyAsString()));
            return Task.CompletedTask;
        }

        public Task OnSubscriptionFailure(GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken) =>
            OnDeliveryFailure(subscriptionId, streamProviderName, streamIdentity, sequenceToken);

        [LoggerMessage(2101, LogLevel.Error, "A subscriber of {Stream} did not take its packets up to {Token}; it will read them from the log")]
        private partial void LogSkipped(StreamId stream, StreamSequenceToken? token);
    }
}

/// <summary>Registration of the packet stream.</summary>
public static class PacketStreamRegistration
{
    // Slices that piled up while a subscriber was busy come together, so that it catches up with few commits.
    private const int SlicesPerCall = 64;

    public static ISiloBuilder AddPacketStream(this ISiloBuilder silo) =>
        silo.AddPersistentStreams(PacketStream.Provider, PacketStreamAdapter.Create, static stream =>
        {
            // The receiver itself waits for packets; the agent's timer only begins the next wait.
            stream.ConfigurePullingAgent(static agent => agent.Configure(static options =>
            {
                options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(1);
                options.BatchContainerBatchSize = SlicesPerCall;
            }));
            stream.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
        });
}
