namespace Svom.Notifications;

/// <summary>Topics of the platform. A rehearsal's messages stand under <c>svom/v1/test/</c> and nowhere else.</summary>
internal static class Topics
{
    private static string Root(bool rehearsal) => rehearsal ? "svom/v1/test" : "svom/v1";

    public static string Alert(bool rehearsal, string instrument, string type) => $"{Root(rehearsal)}/alerts/{instrument}/{type}";

    /// <summary>A sent notice as the message that goes out.</summary>
    public static PublishedAlert AlertOf(ArchivedNotice notice, long sequence, DateTimeOffset published, byte[] envelope, TimeSpan expiry) => new(
        sequence, published, [.. notice.Topics.Select(instrument => Alert(notice.Session is not null, instrument, notice.Type))], envelope,
        [new("id", Envelope.IdOf(notice.Ivorn).ToString()), new("tense", notice.Session is null ? "current" : "test"), new("ivorn", notice.Ivorn)], expiry);

    public static string BurstState(bool rehearsal, string burst) => $"{Root(rehearsal)}/bursts/{burst}/state";

    public static string BurstEvents(bool rehearsal, string burst) => $"{Root(rehearsal)}/bursts/{burst}/events";
}
