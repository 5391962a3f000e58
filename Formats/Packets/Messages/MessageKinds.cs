namespace Svom.Packets.Messages;

/// <summary>The kinds of packet that are parts of messages, and the names that doors and records give them.</summary>
public static class MessageKinds
{
    private static readonly (PacketKind Kind, string Name, string Title)[] Known =
    [
        (PacketKind.EclairsLightCurveHigh, "eclairs-light-curve-high", "ECLAIRs light curve, high priority"),
        (PacketKind.EclairsLightCurveLow, "eclairs-light-curve-low", "ECLAIRs light curve, low priority"),
        (PacketKind.EclairsDescriptor, "eclairs-descriptor", "ECLAIRs alert descriptor"),
        (PacketKind.EclairsSubImage, "eclairs-sub-image", "ECLAIRs sub-image"),
        (PacketKind.GrmLightCurve, "grm-light-curve", "GRM light curve"),
        (PacketKind.VtSourceList, "vt-source-list", "VT source list"),
        (PacketKind.VtImage, "vt-image", "VT 1-bit image"),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PacketKind> All { get; } = [.. Known.Select(static kind => kind.Kind)];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(static kind => kind.Name)];

    /// <summary>True for a kind whose packets are parts of messages.</summary>
    public static bool Contains(PacketKind kind) => Array.Exists(Known, known => known.Kind == kind);

    /// <summary>The name: it stands in stored records and addresses and never changes.</summary>
    public static string Name(PacketKind kind) => Find(kind).Name;

    /// <summary>As a sentence calls it.</summary>
    public static string Title(PacketKind kind) => Find(kind).Title;

    /// <summary>The kind of a name; null when none has it.</summary>
    public static PacketKind? Parse(string name) =>
        Array.FindIndex(Known, known => string.Equals(known.Name, name, StringComparison.Ordinal)) is >= 0 and var at ? Known[at].Kind : null;

    private static (PacketKind Kind, string Name, string Title) Find(PacketKind kind) =>
        Array.Find(Known, known => known.Kind == kind) is { Name: not null } found ? found : throw new ArgumentException($"A {kind} packet is no part of a message.", nameof(kind));
}
