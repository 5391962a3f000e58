namespace Svom.Demo;

/// <summary>What the demo plays, and what must come of it.</summary>
/// <param name="Scenario">Name of a bundled scenario.</param>
/// <param name="Title">First line of the story.</param>
/// <param name="Expected">Notice with quality, and whether it has to be sent or held.</param>
/// <param name="Phase">Where the follow-through of the burst has to stand in the end.</param>
/// <param name="Messages">Messages of several packets that have to be complete.</param>
internal sealed record Story(string Scenario, string Title, IReadOnlyDictionary<string, string> Expected, string Phase, int Messages)
{
    /// <summary>GRB 260421B: public notices of the mission, 21 April 2026. Held ones were cited by them and never public.</summary>
    public static readonly Story Burst = new(
        "sb26042105",
        "GRB 260421B, as the satellite told it on 21 April 2026",
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grm-trigger"] = "sent",
            ["eclairs-preliminary"] = "held",
            ["eclairs-wakeup"] = "sent",
            ["slewing"] = "held",
            ["mxt-initial_qf2"] = "sent",
        },
        "positioned",
        Messages: 10);
}
