using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace Svom.Packets;

/// <summary>The other end of the gRPC door: a stream a connection, as many batches ahead as the platform lets it be.</summary>
internal static class GrpcSender
{
    public static async Task<int> RunAsync(Uri door, string token, int connections, IEnumerable<Reception[]> batches, CancellationToken cancellationToken)
    {
        var messages = batches.Select(static (batch, id) => Message((ulong)id, batch)).ToArray();
        await Console.Out.WriteLineAsync("ready");
        _ = await Console.In.ReadLineAsync(cancellationToken);
        var (next, again) = (-1, 0);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(
            async () =>
            {
                using var channel = GrpcChannel.ForAddress(door, new() { MaxReceiveMessageSize = null });
                using var stream = new V1.PacketService.PacketServiceClient(channel).Ingest(new Metadata { { "authorization", $"Bearer {token}" } }, cancellationToken: cancellationToken);
                var refused = new Queue<ulong>();
                var reading = ReadAsync(stream, refused, cancellationToken);
                for (var n = Interlocked.Increment(ref next); n < messages.Length; n = Interlocked.Increment(ref next))
                {
                    await stream.RequestStream.WriteAsync(messages[n], cancellationToken);
                }

                await stream.RequestStream.CompleteAsync();
                await reading;
                Interlocked.Add(ref again, refused.Count);
            },
            cancellationToken)));
        var sent = new SentReceptions(messages.Sum(static message => (long)message.Receptions.Count), Stopwatch.GetElapsedTime(began).TotalSeconds, again);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(sent, BenchmarkJson.Default.SentReceptions));
        return again == 0 ? 0 : throw new InvalidOperationException($"{again} batches were refused: the figure would not be one.");
    }

    private static async Task ReadAsync(
        AsyncDuplexStreamingCall<V1.ReceptionBatch, V1.IngestAck> stream, Queue<ulong> refused, CancellationToken cancellationToken)
    {
        await foreach (var ack in stream.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (ack.OutcomeCase != V1.IngestAck.OutcomeOneofCase.Stored)
            {
                refused.Enqueue(ack.BatchId);
            }
        }
    }

    private static V1.ReceptionBatch Message(ulong id, Reception[] batch)
    {
        var message = new V1.ReceptionBatch { BatchId = id };
        foreach (var reception in batch)
        {
            var heard = new V1.Reception
            {
                Station = reception.Station,
                ReceivedAt = Timestamp.FromDateTimeOffset(reception.ReceivedAt),
                Octets = UnsafeByteOperations.UnsafeWrap(reception.Octets),
                SignalDbm = reception.SignalDbm ?? 0,
            };
            if (reception.Session is { } session)
            {
                heard.Session = session;
            }

            message.Receptions.Add(heard);
        }

        return message;
    }
}
