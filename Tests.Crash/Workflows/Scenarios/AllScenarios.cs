namespace Svom.Crash;

/// <summary>The scenarios of the workflow engine.</summary>
internal static class AllScenarios
{
    public static IReadOnlyList<Scenario> Everything { get; } =
    [
        .. ActivityScenarios.All, .. ActivityTimeScenarios.All, .. LocalScenarios.All, .. TimerScenarios.All, .. SignalScenarios.All, .. QueryScenarios.All,
        .. UpdateScenarios.All, .. ChildScenarios.All, .. OtherScenarios.All, .. ChainScenarios.All, .. CodeScenarios.All, .. StartScenarios.All, .. EndScenarios.All,
        .. CancelScenarios.All,
    ];

    /// <param name="killed">Those that a killed process may begin again.</param>
    /// <param name="apart">Those that need nothing which only one process of several knows.</param>
    /// <param name="only">What the name begins with; null: anything.</param>
    public static IReadOnlyList<Scenario> Of(bool killed, string? only, bool apart = false) =>
        [.. Everything.Where(one => (!killed || !one.OneLife) && (!apart || !one.Name.StartsWith("activity-by-token", StringComparison.Ordinal)) && (only is null || one.Name.StartsWith(only, StringComparison.Ordinal)))];
}
