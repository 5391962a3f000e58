extern alias Gateway;

using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Svom.Packets;
using Svom.Support;
using Wire = Gateway::Svom.V1;

namespace Svom.EndToEnd.Packets;

/// <summary>A station streams while the platform is killed: what was acknowledged is there, and what was not is sent again.</summary>
[Collection(PlatformCollection.Name)]
public sealed class GrpcIngestKilledTests(ITestOutputHelper output) : IDisposable
{
    private const int EachBatch = 20;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill_and_a_resend_counts_it_as_duplicates()
    {
        var seed = Random.Shared.Next(1, 1_000_000);
        output.WriteLine($"seed {seed}");
        var (http, mqtt, grpc) = (PlatformProcess.FreePort(), PlatformProcess.FreePort(), PlatformProcess.FreePort());
        string[] settings = ["--Svom:Ports:Grpc", $"{grpc}"];
        var acknowledged = new ConcurrentDictionary<ulong, Wire.StoredBatch>();
        ulong sent;
        await using (var platform = await PlatformProcess.StartAsync(folder.Path, http, mqtt, settings))
        {
            using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{grpc}");
            using var stream = Open(channel, platform);
            var reading = ReadAsync(stream, acknowledged, after: new Random(seed).Next(20, 200), platform);
            sent = await SendAsync(stream);
            await reading;
        }

        output.WriteLine($"{sent} batches sent, {acknowledged.Count} acknowledged before the kill");
        Assert.NotEmpty(acknowledged);
        await using var again = await PlatformProcess.StartAsync(folder.Path, http, mqtt, settings);
        using var second = GrpcChannel.ForAddress($"http://127.0.0.1:{grpc}");
        using var resent = Open(second, again);
        var answers = new Dictionary<ulong, Wire.StoredBatch>();
        var answering = Task.Run(async () =>
        {
            await foreach (var ack in resent.ResponseStream.ReadAllAsync())
            {
                answers.Add(ack.BatchId, ack.Stored);
            }
        });
        for (var id = 1ul; id <= sent; id++)
        {
            await resent.RequestStream.WriteAsync(Batch(id));
        }

        await resent.RequestStream.CompleteAsync();
        await answering;
        Assert.Equal(sent, (ulong)answers.Count);
        Assert.All(acknowledged.Keys, id => Assert.Equal((0, EachBatch), (answers[id].Accepted, answers[id].Duplicates)));

        // Whole or not at all, also what was under way at the kill.
        Assert.All(answers.Values, static answer => Assert.True(answer.Accepted is 0 or EachBatch && answer.Accepted + answer.Duplicates == EachBatch));
        Assert.Equal(0, await again.StopAsync());
    }

    private static AsyncDuplexStreamingCall<Wire.ReceptionBatch, Wire.IngestAck> Open(GrpcChannel channel, PlatformProcess platform) =>
        new Wire.PacketService.PacketServiceClient(channel).Ingest(new Metadata { { "authorization", $"Bearer {platform.Token}" } });

    private static async Task ReadAsync(
        AsyncDuplexStreamingCall<Wire.ReceptionBatch, Wire.IngestAck> stream, ConcurrentDictionary<ulong, Wire.StoredBatch> acknowledged, int after, PlatformProcess platform)
    {
        try
        {
            await foreach (var ack in stream.ResponseStream.ReadAllAsync())
            {
                if (ack.OutcomeCase == Wire.IngestAck.OutcomeOneofCase.Stored)
                {
                    acknowledged[ack.BatchId] = ack.Stored;
                }

                if (acknowledged.Count == after)
                {
                    await platform.KillAsync();
                }
            }
        }
        catch (RpcException)
        {
            // Killed.
        }
    }

    private static async Task<ulong> SendAsync(AsyncDuplexStreamingCall<Wire.ReceptionBatch, Wire.IngestAck> stream)
    {
        var sent = 0ul;
        try
        {
            while (true)
            {
                await stream.RequestStream.WriteAsync(Batch(sent + 1));
                sent++;
            }
        }
        catch (Exception) // Killed, in one of the many forms that a client has for it.
        {
            return sent;
        }
    }

    private static Wire.ReceptionBatch Batch(ulong id)
    {
        var batch = new Wire.ReceptionBatch { BatchId = id };
        for (var n = 0; n < EachBatch; n++)
        {
            var octets = new byte[100];
            BitConverter.TryWriteBytes(octets, (id * EachBatch) + (ulong)n);
            batch.Receptions.Add(new Wire.Reception
            {
                Station = "KOU",
                Session = "kill",
                ReceivedAt = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(id)),
                Octets = ByteString.CopyFrom(octets),
            });
        }

        return batch;
    }
}
