extern alias Gateway;

using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Svom.Outcomes;
using Wire = Gateway::Svom.V1;

namespace Svom.Contracts.Gateway;

public sealed class GrpcIngestTests(Door door) : IClassFixture<Door>
{
    private static readonly Wire.Reception Good = new()
    {
        Station = "KOU",
        ReceivedAt = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 3, 1, 4, 13, 43, 123, TimeSpan.Zero).AddTicks(9_000)),
        Octets = ByteString.CopyFrom(1, 2, 3),
        SignalDbm = -112.5,
        Session = "drill",
    };

    [Fact]
    public async Task Every_batch_has_one_ack_and_arrives_as_it_was_sent()
    {
        await using var own = new OwnDoor();
        using var stream = Open(await own.OpenAsync());
        var acks = new Dictionary<ulong, Wire.IngestAck>();
        for (var id = 1ul; id <= 50; id++)
        {
            await stream.RequestStream.WriteAsync(new() { BatchId = id, Receptions = { Good, Good } });
        }

        await stream.RequestStream.CompleteAsync();
        await foreach (var ack in stream.ResponseStream.ReadAllAsync())
        {
            acks.Add(ack.BatchId, ack);
        }

        Assert.Equal(Enumerable.Range(1, 50).Select(static id => (ulong)id), acks.Keys.Order());
        Assert.All(acks.Values, static ack => Assert.Equal((2, 0), (ack.Stored.Accepted, ack.Stored.Duplicates)));
        Assert.Equal(100, own.Door.Platform.Received.Count);
        Assert.All(own.Door.Platform.Received, static reception =>
        {
            Assert.Equal(("KOU", "drill", -112.5), (reception.Station, reception.Session, reception.SignalDbm));
            Assert.Equal(new DateTimeOffset(2026, 3, 1, 4, 13, 43, 123, TimeSpan.Zero), reception.ReceivedAt);
            Assert.Equal([1, 2, 3], reception.Octets.ToArray());
        });
    }

    public static TheoryData<string> Faults => [.. Broken.Keys];

    private static readonly Dictionary<string, Action<Wire.Reception>> Broken = new(StringComparer.Ordinal)
    {
        ["station"] = static reception => reception.Station = "../etc",
        ["session"] = static reception => reception.Session = "",
        ["signalDbm"] = static reception => reception.SignalDbm = double.NaN,
        ["octets are 0"] = static reception => reception.Octets = ByteString.Empty,
        ["octets are 4097"] = static reception => reception.Octets = ByteString.CopyFrom(new byte[4097]),
        ["receivedAt"] = static reception => reception.ReceivedAt = null,
        ["1990"] = static reception => reception.ReceivedAt = new() { Seconds = long.MaxValue, Nanos = -1 },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task A_batch_with_one_that_is_no_reception_is_refused_with_its_index_and_the_stream_goes_on(string fault)
    {
        await using var own = new OwnDoor();
        using var stream = Open(await own.OpenAsync());
        var bad = Good.Clone();
        Broken[fault](bad);

        var refused = (await AckAsync(stream, new() { BatchId = 7, Receptions = { Good, Good, bad, Good } })).Refused;
        Assert.Equal((ProblemTypes.UnparsableReception.Uri, (int)StatusCode.InvalidArgument, 2), (refused.Type, refused.Code, refused.Index));
        Assert.Contains(fault, refused.Detail, StringComparison.Ordinal);
        Assert.Empty(own.Door.Platform.Received);

        Assert.Equal(1, (await AckAsync(stream, new() { BatchId = 8, Receptions = { Good } })).Stored.Accepted);
        Assert.Equal(0, (await AckAsync(stream, new() { BatchId = 9 })).Stored.Accepted);
    }

    [Fact]
    public async Task Overload_says_when_to_come_back_and_the_same_batch_goes_through_then()
    {
        await using var own = new OwnDoor();
        using var stream = Open(await own.OpenAsync());
        own.Door.Platform.Refuse = new(RefusalCode.Overloaded, "The queue is full.");
        var refused = (await AckAsync(stream, new() { BatchId = 1, Receptions = { Good } })).Refused;
        Assert.Equal((ProblemTypes.Overloaded.Uri, (int)StatusCode.ResourceExhausted), (refused.Type, refused.Code));
        Assert.True(refused.RetryAfter.ToTimeSpan() > TimeSpan.Zero);

        own.Door.Platform.Refuse = null;
        Assert.Equal(1, (await AckAsync(stream, new() { BatchId = 1, Receptions = { Good } })).Stored.Accepted);
    }

    [Fact]
    public async Task More_receptions_than_the_limit_are_refused_and_never_come_through_by_waiting()
    {
        await using var own = new OwnDoor(("Svom:Gateway:MaxBatchReceptions", "2"));
        using var stream = Open(await own.OpenAsync());
        var refused = (await AckAsync(stream, new() { BatchId = 1, Receptions = { Good, Good, Good } })).Refused;
        Assert.Equal(ProblemTypes.TooLarge.Uri, refused.Type);
        Assert.Null(refused.RetryAfter);
        Assert.Equal(2, (await AckAsync(stream, new() { BatchId = 2, Receptions = { Good, Good } })).Stored.Accepted);
    }

    [Fact]
    public async Task A_message_above_the_limit_ends_the_stream()
    {
        await using var own = new OwnDoor(("Svom:Gateway:MaxBatchOctets", "65536"));
        using var stream = Open(await own.OpenAsync());
        var large = new Wire.ReceptionBatch { BatchId = 1 };
        large.Receptions.AddRange(Enumerable.Repeat(Good, 3_000));
        await CallStatus.FailsAsync(() => AckAsync(stream, large), ProblemTypes.TooLarge);
        Assert.Empty(own.Door.Platform.Received);
    }

    [Fact] // Small as it is sent, far above the limit as it is read.
    public async Task A_packed_message_is_taken_and_one_that_unpacks_above_the_limit_ends_the_stream()
    {
        await using var own = new OwnDoor(("Svom:Gateway:MaxBatchOctets", "65536"));
        var packets = new Wire.PacketService.PacketServiceClient((await own.OpenAsync()).Channel);
        var packed = Door.Bearer();
        packed.Add("grpc-internal-encoding-request", "gzip");
        using var stream = packets.Ingest(packed);
        Assert.Equal(1, (await AckAsync(stream, new() { BatchId = 1, Receptions = { Good } })).Stored.Accepted);
        var bomb = new Wire.ReceptionBatch { BatchId = 2 };
        bomb.Receptions.AddRange(Enumerable.Repeat(Good, 100_000));
        await CallStatus.FailsAsync(() => AckAsync(stream, bomb), ProblemTypes.TooLarge);
        Assert.Single(own.Door.Platform.Received);
    }

    [Fact]
    public async Task A_message_that_is_no_batch_ends_the_stream()
    {
        using var stream = door.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            CallStatus.Raw("svom.v1.PacketService/Ingest", MethodType.DuplexStreaming), null, new(Door.Bearer()));
        await stream.RequestStream.WriteAsync([0xFF, 0xFF, 0xFF]);
        await CallStatus.FailsAsync(() => stream.ResponseStream.MoveNext(default), ProblemTypes.Malformed);
    }

    [Fact] // Who reads no acks is not read from either: nothing grows.
    public async Task A_sender_that_reads_no_acks_is_held_back()
    {
        await using var own = new OwnDoor(("Svom:Grpc:BatchesUnderWay", "2"));
        var open = await own.OpenAsync();
        own.Door.Platform.Held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stream = Open(open);
        for (var id = 1ul; id <= 10; id++)
        {
            await stream.RequestStream.WriteAsync(new() { BatchId = id, Receptions = { Good } });
        }

        await own.Door.Platform.UnderWayAsync(2);
        using var quick = Open(open); // The door still serves others, and time enough for a third batch to show itself.
        await quick.RequestStream.CompleteAsync();
        Assert.False(await quick.ResponseStream.MoveNext(default));
        Assert.Equal(2, own.Door.Platform.UnderWay);

        own.Door.Platform.Held.SetResult();
        await stream.RequestStream.CompleteAsync();
        Assert.Equal(10, await stream.ResponseStream.ReadAllAsync().CountAsync());
        Assert.Equal(2, own.Door.Platform.MostUnderWay);
    }

    [Fact]
    public async Task Streams_above_the_limit_are_told_to_come_back()
    {
        await using var own = new OwnDoor(("Svom:Grpc:MaxIngestStreams", "1"));
        var open = await own.OpenAsync();
        using (var first = Open(open))
        {
            await AckAsync(first, new() { BatchId = 1 });
            using var second = Open(open);
            var problem = await CallStatus.FailsAsync(() => second.ResponseStream.MoveNext(default), ProblemTypes.Overloaded);
            Assert.NotNull(problem.RetryAfter);
            await first.RequestStream.CompleteAsync();
            Assert.False(await first.ResponseStream.MoveNext(default));
        }

        using var third = Open(open);
        Assert.NotNull((await AckAsync(third, new() { BatchId = 1 })).Stored);
    }

    [Fact]
    public async Task A_fault_of_the_platform_is_an_ack_that_says_try_again_and_nothing_of_our_insides()
    {
        await using var own = new OwnDoor();
        using var stream = Open(await own.OpenAsync());
        own.Door.Platform.Fault = new EventStore.AppendUncertainException("secret path");
        var refused = (await AckAsync(stream, new() { BatchId = 1, Receptions = { Good } })).Refused;
        Assert.Equal(ProblemTypes.Unavailable.Uri, refused.Type);
        Assert.NotNull(refused.RetryAfter);
        Assert.DoesNotContain("secret", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_of_the_platform_acknowledges_what_it_took_and_ends_the_stream()
    {
        await using var own = new OwnDoor();
        var open = await own.OpenAsync();
        using var stream = Open(open);
        await AckAsync(stream, new() { BatchId = 1, Receptions = { Good } });
        var next = stream.ResponseStream.MoveNext(default);
        await own.Door.StopAsync();
        await CallStatus.FailsAsync(() => next, ProblemTypes.Unavailable);
    }

    private static AsyncDuplexStreamingCall<Wire.ReceptionBatch, Wire.IngestAck> Open(Door door) => new Wire.PacketService.PacketServiceClient(door.Channel).Ingest(Door.Bearer());

    private static async Task<Wire.IngestAck> AckAsync(AsyncDuplexStreamingCall<Wire.ReceptionBatch, Wire.IngestAck> stream, Wire.ReceptionBatch batch)
    {
        try
        {
            await stream.RequestStream.WriteAsync(batch);
        }
        catch (RpcException)
        {
            // The answer, read below, says why.
        }

        Assert.True(await stream.ResponseStream.MoveNext(default));
        Assert.Equal(batch.BatchId, stream.ResponseStream.Current.BatchId);
        return stream.ResponseStream.Current;
    }
}
