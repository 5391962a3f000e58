using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Svom.Bursts;

/// <summary>A notice to be made.</summary>
/// <param name="Held">Why it is held; null sends it.</param>
/// <param name="Packet">The packet that makes it; null when an act or a deadline does.</param>
/// <param name="Withdraws">For a retraction.</param>
internal sealed record NoticeWish(
    string Type, Evidence Evidence, string? Held, HeardPacket? Packet = null, int? Quality = null, string? Reason = null,
    IReadOnlyList<MadeNoticeMemory>? Withdraws = null);

/// <summary>Turns a wish into a notice: its place in the burst, its facts, its bytes.</summary>
internal static class NoticeMaker
{
    public static void Make(BurstRun run, NoticeWish wish)
    {
        var (state, sent) = (run.State, wish.Held is null);
        var id = $"{state.Id}_{NoticeTypes.Name(wish.Type, wish.Quality)}";
        var cited = Cited(state, wish);
        var before = state.Notices.Count(static n => n.Sent);
        var alertType = wish.Withdraws is not null ? "retraction" : before == 0 ? "initial" : "update";
        var place = new NoticePlace(
            Ivorn(run.Options, state, id), run.Now, [.. cited.Select(n => new NoticeCitation(wish.Withdraws is null ? "followup" : "retraction", n.Ivorn))],
            alertType, sent ? before + 1 : null);
        var facts = NoticeComposer.Compose(state, wish, place, run.Options);
        var (xml, json) = (NoticeVoEvent.Write(facts, run.Options), NoticeGcn.Write(facts));
        run.Write(new NoticeMade(
            run.Now, id, wish.Type, wish.Quality, facts.Level, facts.Instrument, sent, wish.Held, place.Ivorn, place.RecordNumber, alertType, wish.Reason,
            [.. cited.Select(n => $"{state.Id}_{n.Name}")], Supersedes(state, facts), Topics(wish, facts, sent), (wish.Evidence as MxtPosition)?.Source, facts,
            xml, json, Sha256(xml), Sha256(json), Times(state, wish, facts, run.Now)));
    }

    /// <summary>All notices made before, the GRM trigger first; a first ECLAIRs notice does not cite a lonely preliminary.</summary>
    private static IReadOnlyList<MadeNoticeMemory> Cited(BurstState state, NoticeWish wish)
    {
        IReadOnlyList<MadeNoticeMemory> made = [.. (wish.Withdraws ?? state.Notices).OrderBy(static n => n.Type == NoticeTypes.GrmTrigger ? 0 : 1)];
        return wish.Type is NoticeTypes.Wakeup or NoticeTypes.Catalog && made is [{ Type: NoticeTypes.Preliminary }] ? [] : made;
    }

    private static string Ivorn(BurstOptions options, BurstState state, string id) => $"{options.AuthorIvorn}{(state.Rehearsal ? ".test" : "")}#{id}";

    private static ImmutableArray<string> Supersedes(BurstState state, NoticeFacts facts) =>
        facts.Position is null || facts.Retracts
            ? []
            : [.. state.Notices.Where(n => n is { Sent: true, HasPosition: true, Withdrawn: false } && n.Type != NoticeTypes.Retraction
                && Rank(n.Instrument) <= Rank(facts.Instrument)).Select(n => $"{state.Id}_{n.Name}")];

    private static ImmutableArray<string> Topics(NoticeWish wish, NoticeFacts facts, bool sent) =>
        !sent ? []
        : wish.Withdraws is null ? [Instruments.Topic(facts.Instrument)]
        : [.. wish.Withdraws.Where(static n => n.Sent).Select(static n => Instruments.Topic(n.Instrument)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static NoticeTimes Times(BurstState state, NoticeWish wish, NoticeFacts facts, DateTimeOffset decided)
    {
        var hearing = wish.Packet is { } p
            ? new(p.Position, p.Station, p.ReceivedAt, p.IngestedAt, p.DecodedAt)
            : state.Hearings.GetValueOrDefault(BurstFold.HearingKey(wish.Evidence));
        return new(facts.Window?.End() ?? facts.IsoTime, wish.Evidence.PacketTime, hearing?.ReceivedAt, hearing?.IngestedAt, hearing?.DecodedAt, decided);
    }

    private static int Rank(string instrument) => instrument switch
    {
        Instruments.Grm => 1,
        Instruments.Eclairs => 2,
        _ => 3,
    };

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
