using Grpc.Core;
using Microsoft.Extensions.Options;
using Svom.Access;
using Svom.Feeds;
using Svom.Hosting;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>Runs the ingest streams of the gRPC door: a bounded number at once, each with a bounded number of batches under way.</summary>
internal sealed class IngestStreams(
    IGrainFactory grains, IngestTurns turns, TokenDesk desk, IOptions<GatewayOptions> limits, IOptions<GrpcOptions> options, OpenStreams streams, TimeProvider time)
{
    private static readonly TimeSpan TokenLookedAtEach = TimeSpan.FromSeconds(5);

    private int open;

    public async Task RunAsync(IAsyncStreamReader<V1.ReceptionBatch> batches, IServerStreamWriter<V1.IngestAck> acks, ServerCallContext call)
    {
        streams.Enter(call);
        try
        {
            if (Interlocked.Increment(ref open) > options.Value.MaxIngestStreams)
            {
                throw new Problem(ProblemTypes.Overloaded, "Too many ingest streams are open.") { RetryAfterSeconds = 5 }.ToRpcException();
            }

            using var underWay = new BatchesUnderWay(options.Value.BatchesUnderWay, acks, call.CancellationToken);
            await TakeAsync(batches, underWay, call);
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    private async Task TakeAsync(IAsyncStreamReader<V1.ReceptionBatch> batches, BatchesUnderWay underWay, ServerCallContext call)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(underWay.Broken, streams.Stopping);
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var ending = end.Token.Register(() => ended.TrySetCanceled(end.Token));
        var looked = time.GetTimestamp();
        try
        {
            while (true)
            {
                await underWay.RoomAsync(end.Token); // Before the next one is read: what is not read waits at the sender.
                if (time.GetElapsedTime(looked) >= TokenLookedAtEach)
                {
                    looked = time.GetTimestamp();
                    await LookAtTokenAsync(call);
                }

                // A read that is given up takes the whole call with it; one that is left alone lets the acks and the status out.
                if (!await await Task.WhenAny(batches.MoveNext(CancellationToken.None), ended.Task))
                {
                    return;
                }

                underWay.Add(StoreAsync(batches.Current, call.CancellationToken));
            }
        }
        catch (OperationCanceledException) when (streams.Stopping.IsCancellationRequested && !underWay.Broken.IsCancellationRequested)
        {
            throw new Problem(ProblemTypes.Unavailable, "The platform stops. Send what has no ack again, later.") { RetryAfterSeconds = 2 }.ToRpcException();
        }
        finally
        {
            await underWay.DoneAsync(); // What was taken is finished and acknowledged; what was not read was never taken.
        }
    }

    // A stream may be open for weeks: whose token is withdrawn must not go on by it.
    private async Task LookAtTokenAsync(ServerCallContext call)
    {
        var header = call.RequestHeaders.GetValue("authorization") ?? "";
        var holder = header.Length > "Bearer ".Length ? await desk.VerifyAsync(header["Bearer ".Length..].Trim(), call.CancellationToken) : null;
        if (!DoorPolicy.Allows(Deed.DeliverReceptions, holder))
        {
            throw new Problem(ProblemTypes.Unauthenticated, "The token of this stream was withdrawn.") { Roles = DoorPolicy.RolesFor(Deed.DeliverReceptions) }.ToRpcException();
        }
    }

    /// <summary>Stores one batch. Whatever becomes of it is an ack; never an exception.</summary>
    private async Task<V1.IngestAck> StoreAsync(V1.ReceptionBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            using var turn = await turns.TakeAsync(cancellationToken);
            if (!turn.IsAcquired)
            {
                return Refused(batch, IngestDoor.TooMany);
            }

            var read = ReceptionMessages.Read(batch, limits.Value.MaxBatchReceptions);
            if (read.Fault is { } fault)
            {
                return Refused(batch, IngestDoor.Answer(fault));
            }

            if (read.Receptions.IsEmpty)
            {
                return new() { BatchId = batch.BatchId, Stored = new() };
            }

            var outcome = await grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new(read.Receptions), cancellationToken);
            return outcome.Accepted
                ? new() { BatchId = batch.BatchId, Stored = PacketWire.Of(outcome.Value) }
                : Refused(batch, outcome.Refusal.ToProblem(invalid: ProblemTypes.UnparsableReception));
        }
        catch (Exception fault)
        {
            return Refused(batch, FaultGuard.Explain(fault));
        }
    }

    private static V1.IngestAck Refused(V1.ReceptionBatch batch, Problem problem) => new() { BatchId = batch.BatchId, Refused = problem.ToMessage() };
}
