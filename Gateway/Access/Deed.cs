using System.Collections.Immutable;

namespace Svom.Access;

/// <summary>What a caller wants to do, whatever the door.</summary>
public enum Deed
{
    /// <summary>Look at pages, documents and health: open to all.</summary>
    Look,

    /// <summary>Read bursts, notices, packets, stations and alarms: open on loopback.</summary>
    Read,

    /// <summary>Deliver receptions.</summary>
    DeliverReceptions,

    /// <summary>Validate, acknowledge, classify or retract a burst.</summary>
    ActOnBursts,

    /// <summary>Acknowledge and shelve alarms.</summary>
    TendAlarms,

    /// <summary>Play a feed again beside the live one.</summary>
    ReplayFeeds,

    /// <summary>Make and withdraw tokens.</summary>
    ManageTokens,
}

/// <summary>Who may do what: one table for every door.</summary>
public static class DoorPolicy
{
    /// <summary>The roles of which a caller needs one; empty when everybody may.</summary>
    public static ImmutableArray<string> RolesFor(Deed deed) => deed switch
    {
        Deed.Look or Deed.Read => [],
        Deed.DeliverReceptions => [Roles.Station, Roles.Operator],
        Deed.ActOnBursts => [Roles.Advocate, Roles.Operator],
        _ => [Roles.Operator],
    };

    /// <summary>True when the deed is open, or the caller carries a role that may.</summary>
    /// <param name="deed">What is to be done.</param>
    /// <param name="caller">Null for a caller without a token.</param>
    public static bool Allows(Deed deed, TokenHolder? caller)
    {
        var needed = RolesFor(deed);
        return needed.IsEmpty || (caller is { Roles.IsDefault: false } && caller.Roles.Any(role => needed.Contains(role)));
    }
}
