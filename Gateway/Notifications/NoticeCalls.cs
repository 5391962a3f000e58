using Grpc.Core;
using Svom.Access;
using Svom.Feeds;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Notifications;

/// <summary>The permanent archive to read and to watch, over gRPC.</summary>
internal sealed class NoticeCalls(IGrainFactory grains, FeedReader feeds, Watches watches) : V1.NoticeService.NoticeServiceBase
{
    private const int LongestId = 128;

    private INoticeArchiveGrain Archive => grains.GetGrain<INoticeArchiveGrain>(0);

    [Does(Deed.Read)]
    public override async Task<V1.ListNoticesResponse> List(V1.ListNoticesRequest request, ServerCallContext context)
    {
        var search = new NoticeSearch(
            CallFields.Number(request.HasAfter, request.After, 0, long.MaxValue, "after"), CallFields.Time(request.From, "from"), CallFields.Time(request.To, "to"),
            CallFields.Name(request.HasType, request.Type, "type"), CallFields.Name(request.HasBurst, request.Burst, "burst"), CallFields.Token(request.PageToken),
            CallFields.Page(request.PageSize));
        var outcome = await Archive.FindAsync(search, context.CancellationToken);
        return outcome.Accepted
            ? new() { Notices = { outcome.Value.Items.OrEmpty().Select(NoticeWire.Of) }, NextPageToken = outcome.Value.Next ?? "" }
            : throw outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter).ToRpcException();
    }

    [Does(Deed.Read)]
    public override async Task<V1.Notice> Get(V1.GetNoticeRequest request, ServerCallContext context)
    {
        if (request.Id.Length is 0 or > LongestId)
        {
            throw new Problem(ProblemTypes.NotFound, "No notice has such an id.").ToRpcException();
        }

        var notice = Accepted(await Archive.GetAsync(request.Id, context.CancellationToken));
        var voEvent = Accepted(await Archive.ContentAsync(notice.Id, NoticeForm.VoEvent, context.CancellationToken));
        var gcn = Accepted(await Archive.ContentAsync(notice.Id, NoticeForm.Gcn, context.CancellationToken));
        var envelope = notice.Published is null ? null : Accepted(await Archive.ContentAsync(notice.Id, NoticeForm.Envelope, context.CancellationToken));
        return NoticeWire.With(NoticeWire.Of(notice), voEvent.Bytes, gcn.Bytes, envelope?.Bytes);
    }

    [Does(Deed.Read)]
    public override Task Watch(V1.WatchNoticesRequest request, IServerStreamWriter<V1.WatchNoticesResponse> responseStream, ServerCallContext context)
    {
        var type = CallFields.Name(request.HasType, request.Type, "type");
        var burst = CallFields.Name(request.HasBurst, request.Burst, "burst");
        var session = CallFields.Name(request.HasSession, request.Session, "session");
        return watches.RunAsync(
            context, responseStream, request.HasAfter ? request.After : null, feeds.NoticeHeadAsync, exact: true, feeds.NoticesAsync,
            (part, _) => Task.FromResult<IReadOnlyList<V1.WatchNoticesResponse>>(
                [.. part.Items.Where(Wanted).Select(static notice => new V1.WatchNoticesResponse { Notice = NoticeWire.Of(notice) })]),
            static sequence => new() { Bookmark = new() { Sequence = sequence } });

        bool Wanted(FollowedNotice notice) =>
            (type is null || notice.Notice.Type == type)
            && (burst is null || notice.Notice.Burst == burst)
            && (session is null ? notice.Session is null || request.Rehearsals || burst is not null : notice.Session == session)
            && (request.Held || notice.Notice.State is "sent");
    }

    private static T Accepted<T>(Outcome<T> outcome) => outcome.Accepted ? outcome.Value : throw outcome.Refusal.ToProblem().ToRpcException();
}
