namespace Svom.Monitoring;

/// <summary>Words that labels of figures may take. Every label has few values: what strangers may name (stations, sessions, workflow types) is named only when the platform knows it.</summary>
public static class LabelWords
{
    /// <summary>What is not on the list.</summary>
    public const string Other = "other";

    /// <summary>Live, or one of many rehearsals.</summary>
    public static string Feed(bool live) => live ? "live" : "rehearsal";
}
