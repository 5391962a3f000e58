using Grpc.Core;
using Svom.Access;
using Svom.Feeds;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Packets;

/// <summary>Receptions in, packets to browse and to watch, over gRPC.</summary>
internal sealed class PacketCalls(IGrainFactory grains, IngestStreams streams, FeedReader feeds, Watches watches) : V1.PacketService.PacketServiceBase
{
    [Does(Deed.DeliverReceptions)]
    public override Task Ingest(IAsyncStreamReader<V1.ReceptionBatch> requestStream, IServerStreamWriter<V1.IngestAck> responseStream, ServerCallContext context) =>
        streams.RunAsync(requestStream, responseStream, context);

    [Does(Deed.Read)]
    public override async Task<V1.ListPacketsResponse> List(V1.ListPacketsRequest request, ServerCallContext context)
    {
        var search = new PacketSearch(
            CallFields.Name(request.HasSession, request.Session, "session"), (int?)CallFields.Number(request.HasApid, request.Apid, 0, 2047, "apid"),
            CallFields.Name(request.HasBurst, request.Burst, "burst"), CallFields.Name(request.HasStation, request.Station, "station"),
            CallFields.Time(request.From, "from"), CallFields.Time(request.To, "to"), request.Invalid, CallFields.Token(request.PageToken), CallFields.Page(request.PageSize));
        var outcome = await grains.GetGrain<IPacketQueryGrain>(0).FindAsync(search, context.CancellationToken);
        return outcome.Accepted
            ? new() { Packets = { outcome.Value.Items.OrEmpty().Select(PacketWire.Of) }, NextPageToken = outcome.Value.Next ?? "" }
            : throw outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter).ToRpcException();
    }

    [Does(Deed.Read)]
    public override async Task<V1.PacketDetail> Get(V1.GetPacketRequest request, ServerCallContext context)
    {
        if (!PacketId.TryParse(request.Id, out var packet))
        {
            throw new Problem(ProblemTypes.NotFound, "A packet's id is 32 hex digits.").ToRpcException();
        }

        var outcome = await grains.GetGrain<IPacketQueryGrain>(0).GetAsync(packet, CallFields.Name(request.HasSession, request.Session, "session"), context.CancellationToken);
        return outcome.Accepted ? PacketWire.Of(outcome.Value) : throw outcome.Refusal.ToProblem().ToRpcException();
    }

    [Does(Deed.Read)]
    public override Task Watch(V1.WatchPacketsRequest request, IServerStreamWriter<V1.WatchPacketsResponse> responseStream, ServerCallContext context)
    {
        var session = CallFields.Name(request.HasSession, request.Session, "session");
        var station = CallFields.Name(request.HasStation, request.Station, "station");
        var apid = CallFields.Number(request.HasApid, request.Apid, 0, 2047, "apid");
        return watches.RunAsync<PacketSummary, V1.WatchPacketsResponse>(
            context, responseStream, request.HasAfter ? request.After : null,
            cancellationToken => feeds.PacketHeadAsync(session, cancellationToken), exact: false,
            (after, cancellationToken) => feeds.PacketsAsync(session, after, cancellationToken),
            (part, _) => Task.FromResult<IReadOnlyList<V1.WatchPacketsResponse>>(
            [
                .. part.Items.Where(packet => (station is null || packet.Station == station) && (apid is null || packet.Apid == apid))
                    .Select(static packet => new V1.WatchPacketsResponse { Packet = PacketWire.Of(packet) }),
            ]),
            static sequence => new() { Bookmark = new() { Sequence = sequence } });
    }
}
