namespace Svom.Packets;

/// <summary>The kinds of packet on VHF, one application each.</summary>
public enum PacketKind
{
    /// <summary>State of instrument and background, always sent.</summary>
    EclairsRecurrent = 1,

    /// <summary>First alert, refined alert, alert with slew request: one layout.</summary>
    EclairsAlert = 2,

    /// <summary>The platform's answer to a slew request.</summary>
    EclairsSlewStatus = 3,

    /// <summary>The burst monitor triggered.</summary>
    GrmTrigger = 4,

    /// <summary>A source found by MXT after a slew.</summary>
    MxtPosition = 5,

    /// <summary>Where the satellite is and how it moves, always sent.</summary>
    Orbit = 6,

    /// <summary>Where the satellite looks and how it turns, always sent.</summary>
    Attitude = 7,

    /// <summary>Part of ECLAIRs' counts around T0, sent early.</summary>
    EclairsLightCurveHigh = 8,

    /// <summary>Part of ECLAIRs' longer curve, sent last.</summary>
    EclairsLightCurveLow = 9,

    /// <summary>What triggered ECLAIRs.</summary>
    EclairsDescriptor = 10,

    /// <summary>Part of ECLAIRs' sky image around the excess.</summary>
    EclairsSubImage = 11,

    /// <summary>Part of the burst monitor's counts around T0.</summary>
    GrmLightCurve = 12,

    /// <summary>Part of a list of sources that VT found.</summary>
    VtSourceList = 13,

    /// <summary>Part of a cut-out of VT's image, one bit a pixel.</summary>
    VtImage = 14,
}

/// <summary>Layout of one kind of packet: header, fields and trailer of its frame, in order.</summary>
public sealed class PacketLayout
{
    private readonly Dictionary<string, FieldLayout> _byName;

    internal PacketLayout(PacketKind kind, PacketEntry entry, FieldLayout[] fields)
    {
        (Kind, Apid, Title, Purpose, QuaternionPrefixes) = (kind, entry.Apid, entry.Title, entry.Purpose, entry.Quaternions);
        AllFields = fields;
        _byName = fields.ToDictionary(static field => field.Name, StringComparer.Ordinal);
        Quaternions = [.. entry.Quaternions.Select(prefix => new QuaternionFields(this, prefix))];
    }

    public PacketKind Kind { get; }

    /// <summary>Application of the packet: ours, the mission's numbers are not public.</summary>
    public int Apid { get; }

    public string Title { get; }

    public string Purpose { get; }

    /// <summary>Every field of the frame, in order of its bits.</summary>
    public IReadOnlyList<FieldLayout> Fields => AllFields;

    /// <summary>Prefixes of the fields that are unit quaternions.</summary>
    public IReadOnlyList<string> QuaternionPrefixes { get; }

    internal FieldLayout[] AllFields { get; }

    internal QuaternionFields[] Quaternions { get; }

    /// <summary>A field by name.</summary>
    /// <exception cref="DefinitionException">The definitions have no such field: readers bind at start, so a start fails, not a night.</exception>
    public FieldLayout this[string name] =>
        _byName.TryGetValue(name, out var field) ? field : throw new DefinitionException($"The definitions of {Kind} have no field {name}.");

    /// <summary>All fields of a repeated one, in order.</summary>
    /// <exception cref="DefinitionException">The definitions repeat no such field.</exception>
    public FieldLayout[] Repeated(string name) =>
        Array.FindAll(AllFields, field => string.Equals(field.RepeatOf, name, StringComparison.Ordinal)) is { Length: > 0 } fields
            ? fields : throw new DefinitionException($"The definitions of {Kind} do not repeat a field {name}.");
}
