using System.ComponentModel;
using System.Globalization;
using Svom.Access;
using Svom.Documents;
using Svom.Outcomes;
using Svom.Packets.Messages;
using Svom.Requests;

namespace Svom.Bursts;

/// <summary>Reads the messages of bursts: light curves, images and lists that come in several packets.</summary>
internal static class MessageDoor
{
    private const string KindMeaning = "Kind of the message, for example grm-light-curve.";
    private const string NumberMeaning = "Number of the message, from 0.";

    private static readonly QueryParameter Observation =
        new("observation", QueryKind.Text, "Which sequence's, decimal; absent: the one that began first, of a burst with more than one.");

    public static void MapBurstMessages(this IEndpointRouteBuilder api)
    {
        api.MapGet("/bursts/{id}/messages", ListAsync).For(Deed.Read).WithName("listBurstMessages").WithTags("Bursts")
            .WithSummary("Messages of a burst").WithDescription("Light curves, images and lists that come in several packets: what is here, what is missing, and whether more is awaited.")
            .Produces<ListAnswer<MessageBody>>().Says(ProblemTypes.NotFound);
        api.MapGet("/bursts/{id}/messages/{kind}/{number}", GetAsync).For(Deed.Read).WithName("getBurstMessage").WithTags("Bursts")
            .WithSummary("What a message says").WithDescription("The content put together from the parts that are here; null stands for what is missing.")
            .Takes(Observation).Produces<MessageContentBody>().Says(ProblemTypes.InvalidParameter, ProblemTypes.NotFound);
    }

    private static async Task<IResult> ListAsync([Description(BurstDoor.IdMeaning)] string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (grains.Burst(id) is not { } burst)
        {
            return BurstDoor.NoSuchBurst(id);
        }

        var outcome = await burst.MessagesAsync(cancellationToken);
        return outcome.Refusal is { } refusal ? refusal.ToProblem()
            : Results.Ok(new ListAnswer<MessageBody>([.. outcome.Value.OrEmpty().Select(message => MessageBody.Of(id, message))], null));
    }

    private static async Task<IResult> GetAsync(
        [Description(BurstDoor.IdMeaning)] string id, [Description(KindMeaning)] string kind, [Description(NumberMeaning)] string number, HttpRequest request,
        IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (grains.Burst(id) is not { } burst)
        {
            return BurstDoor.NoSuchBurst(id);
        }

        if (MessageKinds.Parse(kind) is not { } known || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var which))
        {
            return new Problem(ProblemTypes.NotFound, $"A message is one of {string.Join(", ", MessageKinds.Names)}, then its number from 0.");
        }

        var outcome = await burst.MessageAsync(kind, which, new QueryValues(request).Text("observation"), cancellationToken);
        return outcome.Accepted ? Results.Ok(MessageContentBody.Of(id, known, outcome.Value)) : outcome.Refusal.ToProblem();
    }
}
