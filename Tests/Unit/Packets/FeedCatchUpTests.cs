using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Svom.Bursts;
using Svom.Contracts.Gateway;
using Svom.Packets;
using Svom.Packets.Streams;
using Svom.Support;

namespace Svom.Unit.Packets;

/// <summary>After a start, and after packets that could not be delivered, feeds come up with their logs by themselves.</summary>
public sealed class FeedCatchUpTests : IDisposable
{
    private readonly ConcurrentDictionary<string, FeedOfTest> feeds = new(StringComparer.Ordinal);
    private readonly FeedCatchUp catchUp;
    private readonly Life life = new();
    private readonly IGrainFactory grains;

    public FeedCatchUpTests()
    {
        (grains, var fake) = FakeGrains.Make();
        fake.Put<ISequencerGrain>(key => feeds.GetOrAdd((string)key, static _ => new()));
        catchUp = new(grains, new SkippingTime(Frames.T0), life, NullLogger<FeedCatchUp>.Instance);
    }

    public void Dispose()
    {
        life.Stopping.Cancel();
        catchUp.Dispose();
        life.Stopping.Dispose();
    }

    [Fact]
    public async Task A_feed_far_behind_and_one_that_hangs_hold_no_other()
    {
        feeds["svom"] = new() { Pieces = 500 };
        feeds["svom~hangs"] = new() { Hangs = true };
        string[] drills = [.. Enumerable.Range(0, 200).Select(static n => $"svom~drill-{n}")];
        foreach (var feed in drills.Prepend("svom~hangs").Prepend("svom"))
        {
            catchUp.Want(FeedId.Parse(feed));
        }

        await Task.WhenAll(drills.Prepend("svom").Select(feed => feeds.GetOrAdd(feed, static _ => new()).Done.Task)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(500, feeds["svom"].Calls);
    }

    [Fact]
    public async Task A_feed_that_cannot_be_taken_up_is_tried_again_until_it_can()
    {
        feeds["svom"] = new() { Failures = 20 };
        catchUp.Want(FeedId.Parse("svom"));
        await feeds["svom"].Done.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(21, feeds["svom"].Calls);
    }

    [Fact] // The next packet of the feed may be hours away, and an alert may be among those that were not taken.
    public async Task Packets_that_the_stream_could_not_deliver_are_read_from_the_log_without_waiting_for_the_next()
    {
        using var services = new ServiceCollection().AddLogging().AddOptions().AddSingleton(catchUp).AddSingleton(TimeProvider.System)
            .AddSingleton(DispatchProxy.Create<IPacketLog, NoLog>()).BuildServiceProvider();
        var letters = await PacketStreamAdapter.Create(services, PacketStream.Provider).GetDeliveryFailureHandler(default);
        await letters.OnDeliveryFailure(null!, PacketStream.Provider, PacketStream.Of(FeedId.Parse("svom~drill")), null);
        await feeds.GetOrAdd("svom~drill", static _ => new()).Done.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private sealed class FeedOfTest : ISequencerGrain
    {
        private int calls;

        public int Pieces { get; init; } = 1;

        public int Failures { get; init; }

        public bool Hangs { get; init; }

        public int Calls => calls;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<bool> CatchUpAsync(CancellationToken cancellationToken)
        {
            var call = Interlocked.Increment(ref calls);
            if (Hangs)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            if (call <= Failures)
            {
                throw new TimeoutException("The disk is full.");
            }

            if (call < Pieces)
            {
                return true;
            }

            Done.TrySetResult();
            return false;
        }

        public Task WishAsync(WakeWish[] wishes, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Life : IHostApplicationLifetime
    {
        public CancellationTokenSource Stopping { get; } = new();

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => Stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => Stopping.Cancel();
    }

    /// <summary>Nobody asks it.</summary>
    public class NoLog : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException();
    }
}
