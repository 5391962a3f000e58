namespace Svom.Notifications;

/// <summary>Topics of the platform. A rehearsal's messages stand under <c>svom/v1/test/</c> and nowhere else.</summary>
internal static class Topics
{
    private static string Root(bool rehearsal) => rehearsal ? "svom/v1/test" : "svom/v1";

    public static string Alert(bool rehearsal, string instrument, string type) => $"{Root(rehearsal)}/alerts/{instrument}/{type}";

    public static string BurstState(bool rehearsal, string burst) => $"{Root(rehearsal)}/bursts/{burst}/state";

    public static string BurstEvents(bool rehearsal, string burst) => $"{Root(rehearsal)}/bursts/{burst}/events";
}
