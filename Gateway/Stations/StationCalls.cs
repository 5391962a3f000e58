using Grpc.Core;
using Svom.Access;
using Svom.Feeds;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Requests;

namespace Svom.Stations;

/// <summary>The station network to read and to watch, over gRPC.</summary>
internal sealed class StationCalls(IGrainFactory grains, StationStates states, StateWatches watches) : V1.StationService.StationServiceBase
{
    [Does(Deed.Read)]
    public override async Task<V1.ListStationsResponse> List(V1.ListStationsRequest request, ServerCallContext context)
    {
        var search = new StationSearch(
            CallFields.Name(request.HasSession, request.Session, "session"), Status(request.Status), CallFields.Token(request.PageToken), CallFields.Page(request.PageSize));
        var outcome = await grains.GetGrain<IStationQueryGrain>(0).FindAsync(search, context.CancellationToken);
        return outcome.Accepted
            ? new() { Stations = { outcome.Value.Items.OrEmpty().Select(StationWire.Of) }, NextPageToken = outcome.Value.Next ?? "" }
            : throw outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter).ToRpcException();
    }

    [Does(Deed.Read)]
    public override async Task<V1.Station> Get(V1.GetStationRequest request, ServerCallContext context)
    {
        if (!FeedId.IsName(request.Id))
        {
            throw StationDoor.NoSuchStation().ToRpcException();
        }

        var session = CallFields.Name(request.HasSession, request.Session, "session");
        var outcome = await grains.GetGrain<IStationQueryGrain>(0).GetAsync(request.Id, session, context.CancellationToken);
        return outcome.Accepted ? StationWire.Of(outcome.Value) : throw outcome.Refusal.ToProblem().ToRpcException();
    }

    [Does(Deed.Read)]
    public override Task Watch(V1.WatchStationsRequest request, IServerStreamWriter<V1.WatchStationsResponse> responseStream, ServerCallContext context)
    {
        var session = CallFields.Name(request.HasSession, request.Session, "session");
        var only = CallFields.Name(request.HasStation, request.Station, "station");
        return watches.RunAsync(
            context, responseStream, states.Feed(session), station => only is null || station.Id == only,
            static station => new V1.WatchStationsResponse { Station = StationWire.Of(station) },
            static asOf => new() { UpToDate = new() { AsOf = WireTime.Write(asOf) } });
    }

    private static StationStatus? Status(V1.StationStatus status) => status switch
    {
        V1.StationStatus.Unspecified => null,
        >= V1.StationStatus.NeverHeard and <= V1.StationStatus.Unlisted => (StationStatus)((int)status - 1),
        _ => throw new Problem(ProblemTypes.InvalidParameter, "The field 'status' is none of the ways a station can stand, nor unspecified.") { Parameter = "status" }.ToRpcException(),
    };
}
