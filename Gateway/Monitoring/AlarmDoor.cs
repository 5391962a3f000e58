using System.ComponentModel;
using Svom.Access;
using Svom.Documents;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Requests;

namespace Svom.Monitoring;

/// <summary>Reads alarms and says that somebody knows.</summary>
internal static class AlarmDoor
{
    private const string IdMeaning = "Id of the alarm, for example silent-station.NCL1.";
    private const int LongestReason = 1000;

    // A kind, a dot and the id of a station.
    private const int LongestId = 100;

    public static void MapAlarms(this IEndpointRouteBuilder api)
    {
        api.MapGet("/alarms", ListAsync).For(Deed.Read).WithName("listAlarms").WithTags("Alarms")
            .WithSummary("Browse alarms").WithDescription("All that were ever raised, last changed first. There is one for each thing that can go wrong; it says how often it did.")
            .Takes(
                new("state", QueryKind.Word, "Only alarms in this state.") { Words = ["normal", "unacknowledged", "acknowledged", "returned-unacknowledged", "shelved"] },
                QueryParameters.Cursor, QueryParameters.Limit)
            .Produces<ListAnswer<AlarmBody>>().Says(ProblemTypes.InvalidParameter);
        api.MapGet("/alarms/{id}", GetAsync).For(Deed.Read).WithName("getAlarm").WithTags("Alarms")
            .WithSummary("One alarm").WithDescription("What is wrong, since when, what shows it, what to do, and who knows.")
            .Produces<AlarmBody>().Says(ProblemTypes.NotFound);
        api.MapPost("/alarms/{id}/acknowledge", AcknowledgeAsync).For(Deed.TendAlarms).WithName("acknowledgeAlarm").WithTags("Alarms")
            .WithSummary("Say that you know").WithDescription("Holds for this time that it is wrong. Again changes nothing.")
            .Accepts<AcknowledgeAlarmBody>("application/json").Produces<AlarmBody>()
            .Says(ProblemTypes.Malformed, ProblemTypes.NotFound, ProblemTypes.NotPossibleNow, ProblemTypes.TooLarge, ProblemTypes.UnsupportedMediaType, ProblemTypes.Invalid);
        api.MapPost("/alarms/{id}/shelve", ShelveAsync).For(Deed.TendAlarms).WithName("shelveAlarm").WithTags("Alarms")
            .WithSummary("Put out of sight until a time").WithDescription("What happens meanwhile is recorded and shows when the time has come. Again moves the end.")
            .Accepts<ShelveAlarmBody>("application/json").Produces<AlarmBody>()
            .Says(ProblemTypes.Malformed, ProblemTypes.NotFound, ProblemTypes.TooLarge, ProblemTypes.UnsupportedMediaType, ProblemTypes.Invalid);
        api.MapPost("/alarms/{id}/unshelve", UnshelveAsync).For(Deed.TendAlarms).WithName("unshelveAlarm").WithTags("Alarms")
            .WithSummary("Back into sight").WithDescription("Ends the shelving before its time. Takes no body.")
            .Produces<AlarmBody>().Says(ProblemTypes.NotFound, ProblemTypes.NotPossibleNow);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryValues(request);
        var state = query.Text("state") is { } word ? Enum.Parse<AlarmState>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true) : (AlarmState?)null;
        var outcome = await grains.GetGrain<IAlarmQueryGrain>(0).FindAsync(new(state, query.Cursor, query.Limit), cancellationToken);
        return outcome.Accepted
            ? Results.Ok(new ListAnswer<AlarmBody>([.. outcome.Value.Items.OrEmpty().Select(AlarmBody.Of)], outcome.Value.Next))
            : outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter);
    }

    private static async Task<IResult> GetAsync([Description(IdMeaning)] string id, IGrainFactory grains, CancellationToken cancellationToken) =>
        Alarm(grains, id) is { } alarm ? Answer(await alarm.GetAsync(cancellationToken)) : NoSuchAlarm();

    private static async Task<IResult> AcknowledgeAsync([Description(IdMeaning)] string id, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (Alarm(grains, id) is not { } alarm)
        {
            return NoSuchAlarm();
        }

        var (body, problem) = await StrictJson.ReadAsync<AcknowledgeAlarmBody>(http.Request, cancellationToken);
        return body is null ? problem!
            : WrongAcknowledge(body.Reason) ?? Answer(await alarm.AcknowledgeAsync(Who(http), body.Reason, cancellationToken));
    }

    private static async Task<IResult> ShelveAsync([Description(IdMeaning)] string id, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (Alarm(grains, id) is not { } alarm)
        {
            return NoSuchAlarm();
        }

        var (body, problem) = await StrictJson.ReadAsync<ShelveAlarmBody>(http.Request, cancellationToken);
        return body is null ? problem!
            : WrongShelve(body.Reason) ?? Answer(await alarm.ShelveAsync(Who(http), body.Until, body.Reason, cancellationToken));
    }

    private static async Task<IResult> UnshelveAsync([Description(IdMeaning)] string id, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken) =>
        Alarm(grains, id) is { } alarm ? Answer(await alarm.UnshelveAsync(Who(http), cancellationToken)) : NoSuchAlarm();

    public static IAlarmGrain? Alarm(IGrainFactory grains, string id) =>
        id.Length <= LongestId && id.Split('.', 2).All(FeedId.IsName) ? grains.GetGrain<IAlarmGrain>(id) : null;

    public static Problem NoSuchAlarm() => new(ProblemTypes.NotFound, "No alarm has such an id.");

    public static string Who(HttpContext http) => http.User.Holder()?.Name ?? "unknown";

    /// <returns>What is wrong with the reason of somebody who knows; null when nothing is.</returns>
    public static Problem? WrongAcknowledge(string? reason) =>
        reason is { Length: > LongestReason } ? new(ProblemTypes.Invalid, $"The reason has at most {LongestReason} characters.") { Parameter = "reason" } : null;

    /// <returns>What is wrong with the reason of a shelving; null when nothing is.</returns>
    public static Problem? WrongShelve(string reason) =>
        string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason ? new(ProblemTypes.Invalid, $"The reason has 1 to {LongestReason} characters.") { Parameter = "reason" } : null;

    private static IResult Answer(Outcome<AlarmView> outcome) => outcome.Accepted ? Results.Ok(AlarmBody.Of(outcome.Value)) : outcome.Refusal.ToProblem();
}
