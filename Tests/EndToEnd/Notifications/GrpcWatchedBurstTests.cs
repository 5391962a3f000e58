extern alias Gateway;

using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Svom.Simulation;
using Svom.Support;
using Wire = Gateway::Svom.V1;

namespace Svom.EndToEnd.Notifications;

/// <summary>A burst goes in by gRPC alone and is watched by gRPC: all doors tell the same.</summary>
[Collection(PlatformCollection.Name)]
public sealed class GrpcWatchedBurstTests
{
    [Fact]
    public async Task A_burst_that_came_in_by_gRPC_is_watched_live_and_again_from_the_beginning_as_the_archive_has_it()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{platform.GrpcPort}");
        var notices = new Wire.NoticeService.NoticeServiceClient(channel);
        var bursts = new Wire.BurstService.BurstServiceClient(channel);
        var bearer = new Metadata { { "authorization", $"Bearer {platform.Token}" } };
        using var live = notices.Watch(new() { Held = true });
        Assert.Equal(0, (await NextAsync(live)).Bookmark.Sequence);
        using var changes = bursts.Watch(new());
        Assert.Equal(0, (await NextAsync(changes)).Bookmark.Sequence);

        var stored = await DeliverAsync(new(channel), bearer, PlayedPlatform.Bundled("eclairs-alone"));
        Assert.True(stored > 0);

        // In the order of the archive, until the wakeup that the criteria give.
        var seen = new List<Wire.Notice>();
        do
        {
            seen.Add((await NextAsync(live)).Notice);
        }
        while (seen[^1].Type != "eclairs-wakeup");

        Assert.Equal(seen.Select(static notice => notice.Sequence).Order().Distinct(), seen.Select(static notice => notice.Sequence));
        foreach (var notice in seen)
        {
            Assert.Equal(await platform.Http.GetByteArrayAsync(Address(notice, ".xml")), notice.Voevent.ToByteArray());
            Assert.Equal(await platform.Http.GetByteArrayAsync(Address(notice, ".json")), notice.Gcn.ToByteArray());
            Assert.Equal(notice.State is Wire.NoticeState.Sent, notice.HasEnvelope);
            if (notice.HasEnvelope)
            {
                Assert.Equal(await platform.Http.GetByteArrayAsync(Address(notice, ".envelope.json")), notice.Envelope.ToByteArray());
                Assert.Equal(notice.Sequence, JsonDocument.Parse(notice.Envelope.Memory).RootElement.GetProperty("sequence").GetInt64());
            }
        }

        // Again from each place: the rest, and nothing twice.
        for (var begin = 0; begin < seen.Count; begin++)
        {
            using var again = notices.Watch(new() { Held = true, After = begin == 0 ? 0 : seen[begin - 1].Sequence });
            await NextAsync(again);
            for (var n = begin; n < seen.Count; n++)
            {
                Assert.Equal(seen[n].Id, (await NextAsync(again)).Notice.Id);
            }
        }

        var change = (await NextAsync(changes)).Change;
        Assert.Equal(seen[0].BurstId, change.BurstId);
        var burst = await bursts.GetAsync(new() { Id = change.BurstId });
        var answer = await bursts.RetractAsync(new() { BurstId = burst.Id, Terms = new() { Reason = "particles", IfVersion = burst.Version, IdempotencyKey = "r1" } }, bearer);
        Assert.Equal((Wire.BurstStatus.Retracted, "retraction"), (answer.Burst.Status, answer.Made[0].Type));
        string type;
        do
        {
            type = (await NextAsync(live)).Notice.Type;
        }
        while (type != "retraction");

        do
        {
            change = (await NextAsync(changes)).Change;
        }
        while (change.Version < answer.Burst.Version);

        Assert.Equal(Wire.BurstStatus.Retracted, change.Burst.Status);
    }

    private static Uri Address(Wire.Notice notice, string suffix) => new($"/api/v1/notices/{notice.Id}{suffix}", UriKind.Relative);

    private static async Task<int> DeliverAsync(Wire.PacketService.PacketServiceClient packets, Metadata bearer, Scenario scenario)
    {
        using var stream = packets.Ingest(bearer);
        var batches = ScenarioPlan.Make(scenario, new()).Events.OfType<PlannedReception>().Chunk(25).ToArray();
        var stored = 0;
        for (var id = 0; id < batches.Length; id++)
        {
            var batch = new Wire.ReceptionBatch { BatchId = (ulong)id };
            batch.Receptions.AddRange(batches[id].Select(static reception => new Wire.Reception
            {
                Station = reception.Station,
                ReceivedAt = Timestamp.FromDateTimeOffset(reception.ReceivedAt),
                Octets = ByteString.CopyFrom(reception.Octets.ToArray()),
            }));
            await stream.RequestStream.WriteAsync(batch);
            Assert.True(await stream.ResponseStream.MoveNext(default));
            stored += stream.ResponseStream.Current.Stored.Accepted;
        }

        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext(default));
        return stored;
    }

    private static async Task<T> NextAsync<T>(AsyncServerStreamingCall<T> watch)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.True(await watch.ResponseStream.MoveNext(patience.Token));
        return watch.ResponseStream.Current;
    }
}
