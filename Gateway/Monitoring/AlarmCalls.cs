using Grpc.Core;
using Svom.Access;
using Svom.Feeds;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Monitoring;

/// <summary>Alarms to read and to watch, and what people say about them, over gRPC.</summary>
internal sealed class AlarmCalls(IGrainFactory grains, AlarmStates states, StateWatches watches) : V1.AlarmService.AlarmServiceBase
{
    [Does(Deed.Read)]
    public override async Task<V1.ListAlarmsResponse> List(V1.ListAlarmsRequest request, ServerCallContext context)
    {
        var search = new AlarmSearch(State(request.State), CallFields.Token(request.PageToken), CallFields.Page(request.PageSize));
        var outcome = await grains.GetGrain<IAlarmQueryGrain>(0).FindAsync(search, context.CancellationToken);
        return outcome.Accepted
            ? new() { Alarms = { outcome.Value.Items.OrEmpty().Select(AlarmWire.Of) }, NextPageToken = outcome.Value.Next ?? "" }
            : throw outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter).ToRpcException();
    }

    [Does(Deed.Read)]
    public override async Task<V1.Alarm> Get(V1.GetAlarmRequest request, ServerCallContext context) => Answer(await Alarm(request.Id).GetAsync(context.CancellationToken));

    [Does(Deed.Read)]
    public override Task Watch(V1.WatchAlarmsRequest request, IServerStreamWriter<V1.WatchAlarmsResponse> responseStream, ServerCallContext context)
    {
        var station = CallFields.Name(request.HasStation, request.Station, "station");
        return watches.RunAsync(
            context, responseStream, states.Feed, alarm => station is null || alarm.Station == station,
            static alarm => new V1.WatchAlarmsResponse { Alarm = AlarmWire.Of(alarm) },
            static asOf => new() { UpToDate = new() { AsOf = WireTime.Write(asOf) } });
    }

    [Does(Deed.TendAlarms)]
    public override async Task<V1.Alarm> Acknowledge(V1.AcknowledgeAlarmRequest request, ServerCallContext context)
    {
        var (alarm, reason) = (Alarm(request.Id), request.HasReason ? request.Reason : null);
        Refuse(AlarmDoor.WrongAcknowledge(reason));
        return Answer(await alarm.AcknowledgeAsync(Who(context), reason, context.CancellationToken));
    }

    [Does(Deed.TendAlarms)]
    public override async Task<V1.Alarm> Shelve(V1.ShelveAlarmRequest request, ServerCallContext context)
    {
        var alarm = Alarm(request.Id);
        var until = CallFields.Time(request.Until, "until")
            ?? throw new Problem(ProblemTypes.Invalid, "The field 'until', the end of the shelving, is missing.") { Parameter = "until" }.ToRpcException();
        Refuse(AlarmDoor.WrongShelve(request.Reason));
        return Answer(await alarm.ShelveAsync(Who(context), until, request.Reason, context.CancellationToken));
    }

    [Does(Deed.TendAlarms)]
    public override async Task<V1.Alarm> Unshelve(V1.UnshelveAlarmRequest request, ServerCallContext context) =>
        Answer(await Alarm(request.Id).UnshelveAsync(Who(context), context.CancellationToken));

    private IAlarmGrain Alarm(string id) => AlarmDoor.Alarm(grains, id) ?? throw AlarmDoor.NoSuchAlarm().ToRpcException();

    private static string Who(ServerCallContext context) => AlarmDoor.Who(context.GetHttpContext());

    private static V1.Alarm Answer(Outcome<AlarmView> outcome) => outcome.Accepted ? AlarmWire.Of(outcome.Value) : throw outcome.Refusal.ToProblem().ToRpcException();

    private static void Refuse(Problem? problem)
    {
        if (problem is not null)
        {
            throw problem.ToRpcException();
        }
    }

    private static AlarmState? State(V1.AlarmState state) => state switch
    {
        V1.AlarmState.Unspecified => null,
        >= V1.AlarmState.Normal and <= V1.AlarmState.Shelved => (AlarmState)((int)state - 1),
        _ => throw new Problem(ProblemTypes.InvalidParameter, "The field 'state' is none of an alarm's states, nor unspecified.") { Parameter = "state" }.ToRpcException(),
    };
}
