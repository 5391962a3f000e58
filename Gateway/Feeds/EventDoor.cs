using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Svom.Access;
using Svom.Bursts;
using Svom.Documents;
using Svom.Hosting;
using Svom.Outcomes;
using Svom.Requests;
using HttpJson = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Svom.Feeds;

/// <summary>Server-sent events: what happens, as it happens, for readers that have nothing but HTTP.</summary>
internal static class EventDoor
{
    public const string MediaType = "text/event-stream";
    private const string Header = "Last-Event-ID";
    private const string Parameter = "lastEventId";

    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", FollowAsync).For(Deed.Read).WithName("followEvents").WithTags("Events")
            .WithSummary("Follow what happens")
            .WithDescription(
                "Server-sent events. `notice` (a notice with its envelope), `burst` (present state of a burst, for a reader that comes without an id), `burst-change` (what "
                + "happened to a burst), `receipt` and `intent` (what telescopes say), `packet`. The id of an event is its sequence; with topics of several feeds it is `feed:sequence` of each, with commas. A reader that "
                + "comes with the last id it got (header Last-Event-ID or `lastEventId`; 0 is the beginning) gets all that came after, once. A comment each 15 seconds.")
            .Takes(
                new("topic", QueryKind.Text, $"Repeated, or with commas: {EventTopics.Form}.") { Many = true, Example = "notices,bursts" },
                new(Parameter, QueryKind.Text, "Go on after this id; the header Last-Event-ID has precedence."))
            .Produces<string>(200, MediaType).Says(ProblemTypes.InvalidParameter, ProblemTypes.NotFound, ProblemTypes.Overloaded);

    private static async Task<IResult> FollowAsync(
        HttpContext http, IGrainFactory grains, FeedReader feeds, EventReaders readers, CancellationToken cancellationToken)
    {
        if (EventTopics.Parse(http.Request.Query["topic"]) is not { } topics)
        {
            return new Problem(ProblemTypes.InvalidParameter, $"The query parameter 'topic' takes, repeated or with commas, up to 32 of: {EventTopics.Form}.") { Parameter = "topic" };
        }

        foreach (var id in topics.BurstIds)
        {
            if (!(await grains.GetGrain<IBurstGrain>(id).GetAsync(cancellationToken)).Accepted)
            {
                return BurstDoor.NoSuchBurst(id);
            }
        }

        var last = http.Request.Headers[Header] is [{ Length: > 0 } header] ? header : new QueryValues(http.Request).Text(Parameter);
        var heard = last is null ? new Dictionary<string, long>(StringComparer.Ordinal) : EventPlace.Read(topics.Feeds, last);
        if (heard is null)
        {
            return Refuse("is no id of an event of these topics: a number, or feed:number of each feed with commas");
        }

        var place = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var feed in topics.Feeds)
        {
            var head = await HeadAsync(feeds, feed, topics, cancellationToken);
            place[feed] = heard.GetValueOrDefault(feed, head);
            if (place[feed] > head)
            {
                // Waiting for the archive to come as far would look like silence.
                return Refuse($"is beyond everything there is ({feed} ends at {head}): it was given by another archive");
            }
        }

        return new Answer(topics, place, feeds, grains, readers, Anew: last is null);

        static Problem Refuse(string why) => new(ProblemTypes.InvalidParameter, $"The value of {Header} or '{Parameter}' {why}.") { Parameter = Parameter };
    }

    private static Task<long> HeadAsync(FeedReader feeds, string feed, EventTopics topics, CancellationToken cancellationToken) => feed switch
    {
        EventTopics.Notices => feeds.NoticeHeadAsync(cancellationToken),
        EventTopics.Bursts => feeds.BurstHeadAsync(cancellationToken),
        EventTopics.Telescopes => feeds.TelescopeHeadAsync(cancellationToken),
        _ => feeds.PacketHeadAsync(topics.Sessions.First(session => EventTopics.FeedOf(session) == feed), cancellationToken),
    };

    private sealed record Answer(EventTopics Topics, Dictionary<string, long> Place, FeedReader Feeds, IGrainFactory Grains, EventReaders Readers, bool Anew) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var room = Readers.TryEnter();
            if (room is null)
            {
                await new Problem(ProblemTypes.Overloaded, "Too many readers of events are connected.") { RetryAfterSeconds = 5 }.ExecuteAsync(httpContext);
                return;
            }

            var services = httpContext.RequestServices;
            var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
            httpContext.Response.ContentType = MediaType;
            httpContext.Response.Headers.CacheControl = "no-store";
            httpContext.Response.Headers["X-Accel-Buffering"] = "no"; // A proxy in between would otherwise collect before it hands on.
            httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                httpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
            using var writer = new EventWriter(
                httpContext.Response.BodyWriter, services.GetRequiredService<IOptions<HttpJson>>().Value.SerializerOptions,
                services.GetRequiredService<IOptions<GatewayOptions>>().Value.EventReaderPatience, time);
            try
            {
                await new EventStream(Topics, Feeds, Grains, writer, Place, time).RunAsync(Anew, end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // The reader left, or the platform stops: it comes back with its last id.
            }
            catch (SlowReaderException)
            {
                Readers.Cut();
                httpContext.Abort();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Readers.Failed(fault);
                httpContext.Abort(); // Not an end in order: a reader shall come again at once.
            }
        }
    }
}
