namespace Svom.Bursts;

/// <summary>Names of notices as they stand in IVORNs and topics, and what belongs to them. Source: public notices of the mission.</summary>
public static class NoticeTypes
{
    public const string GrmTrigger = "grm-trigger";
    public const string Preliminary = "eclairs-preliminary";
    public const string Wakeup = "eclairs-wakeup";
    public const string Catalog = "eclairs-catalog";
    public const string Slewing = "slewing";
    public const string NotSlewing = "not-slewing";
    public const string MxtInitial = "mxt-initial";
    public const string MxtUpdate = "mxt-update";
    public const string Retraction = "retraction";

    /// <summary>In the order in which a burst meets them.</summary>
    public static readonly IReadOnlyList<string> All =
        [GrmTrigger, Preliminary, Wakeup, Catalog, Slewing, NotSlewing, MxtInitial, MxtUpdate, Retraction];

    /// <summary>Packet_Type; null for the preliminary, whose number is not public.</summary>
    public static int? PacketType(string type) => type switch
    {
        GrmTrigger => 201,
        Wakeup => 202,
        Catalog => 203,
        Slewing => 204,
        NotSlewing => 205,
        MxtInitial => 209,
        MxtUpdate => 210,
        Retraction => 219,
        _ => null,
    };

    /// <summary>Type with quality, as in the IVORN: <c>mxt-initial_qf2</c>.</summary>
    public static string Name(string type, int? quality) => quality is { } q ? $"{type}_qf{q}" : type;
}

/// <summary>Instruments as notices name them.</summary>
public static class Instruments
{
    public const string Grm = "GRM";
    public const string Eclairs = "ECLAIRs";
    public const string Mxt = "MXT";

    /// <summary>Last part of a topic.</summary>
    public static string Topic(string instrument) => instrument switch
    {
        Grm => "grm",
        Mxt => "mxt",
        _ => "eclairs",
    };
}

/// <summary>Slew_Status as notices print it.</summary>
public static class SlewStatuses
{
    public const string NotRequested = "not-requested";
    public const string Requested = "requested";
    public const string Accepted = "accepted";
    public const string Rejected = "rejected";
}
