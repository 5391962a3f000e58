namespace Svom.Demo;

/// <summary>Kinds of packets as the completeness calls them, and what of a burst each of them says.</summary>
internal static class CountedKinds
{
    public const string Alert = "eclairs-alert";
    public const string Slew = "slew-answer";
    public const string Trigger = "grm-trigger";
    public const string Position = "mxt-position";

    /// <summary>Kinds of packets that a value of a burst's state follows from.</summary>
    public static IReadOnlyList<string> Behind(string path, BurstPair pair) => path switch
    {
        "t0.grm" => [Trigger],
        "t0.eclairs" or "validated" => [Alert],
        "slewStatus" => [Alert, Slew],
        "best" => [Position, Alert, Trigger],

        // Whatever is not of GRM carries it.
        "observation" => [.. pair.Kinds.Select(static kind => kind.Tally.Kind).Where(static kind => !kind.StartsWith("grm-", StringComparison.Ordinal))],
        "status" => [Alert, Trigger],
        _ when path.StartsWith("position[MXT]", StringComparison.Ordinal) => [Position],
        _ when path.StartsWith("position[ECLAIRs]", StringComparison.Ordinal) => [Alert],
        _ when path.StartsWith("position[GRM]", StringComparison.Ordinal) => [Trigger],
        _ => [],
    };

    /// <summary>True for a value that a packet carries; others are made of what is known.</summary>
    public static bool IsMeasured(string path) => path.StartsWith("t0.", StringComparison.Ordinal) || path.StartsWith("position[", StringComparison.Ordinal);
}
