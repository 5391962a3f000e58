using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Bursts;

/// <summary>Messages of several packets in short.</summary>
/// <param name="Open">Messages whose parts are still coming.</param>
/// <param name="Complete">Messages of which all is here.</param>
/// <param name="Partial">Messages closed with parts missing.</param>
/// <param name="PartsExpected">Parts of all of them.</param>
/// <param name="PartsHave">Parts that are here.</param>
/// <param name="PartsRecovered">Of those, parts that came out of broken copies and have not been heard whole.</param>
internal sealed record MessageSummaryBody(int Open, int Complete, int Partial, int PartsExpected, int PartsHave, int PartsRecovered)
{
    public static MessageSummaryBody Of(MessageSummary? messages) => messages is null ? new(0, 0, 0, 0, 0, 0)
        : new(messages.Open, messages.Complete, messages.Partial, messages.PartsExpected, messages.PartsHave, messages.PartsRecovered);
}

/// <summary>A message: what several packets of a burst say together.</summary>
/// <param name="Id">Kind, number and sequence.</param>
/// <param name="Kind">For example grm-light-curve.</param>
/// <param name="Number">Counts the messages of a kind in a sequence, from 0.</param>
/// <param name="Observation">Sequence of GRM for its light curves, else of ECLAIRs.</param>
/// <param name="State">open, complete, or partial: closed with parts missing. What comes later still fills it.</param>
/// <param name="Expected">Parts of the whole.</param>
/// <param name="Have">Parts that are here.</param>
/// <param name="Missing">Numbers of the parts that are not, from 1.</param>
/// <param name="Recovered">Numbers of the parts that came out of broken copies and have not been heard whole.</param>
/// <param name="Quality">full, gaps, or conflict when parts contradict each other.</param>
/// <param name="Version">0 while it is open, 1 when it is closed; each later part counts one up.</param>
/// <param name="ClosedAt">When it was complete or closed with parts missing; null while it is open.</param>
/// <param name="ClosedBecause">complete, quiet or deadline; null while it is open.</param>
/// <param name="Due">Mission time at which it is closed if nothing more comes; null when it is closed.</param>
/// <param name="FirstSent">Earliest packet time of its parts.</param>
/// <param name="LastSent">Latest packet time of its parts.</param>
/// <param name="Href">Where its content is.</param>
internal sealed record MessageBody(
    string Id, string Kind, int Number, string Observation, MessageState State, int Expected, int Have, ImmutableArray<int> Missing, ImmutableArray<int> Recovered, string Quality,
    int Version, DateTimeOffset? ClosedAt, string? ClosedBecause, DateTimeOffset? Due, DateTimeOffset FirstSent, DateTimeOffset LastSent, string Href)
{
    public static MessageBody Of(string burst, BurstMessageView message) => new(
        FormattableString.Invariant($"{message.Kind}/{message.Number}/{message.Observation}"), message.Kind, message.Number, message.Observation, message.State, message.Expected,
        message.Have, message.Missing.OrEmpty(), message.Recovered.OrEmpty(), message.Conflict ? "conflict" : message.State is MessageState.Complete ? "full" : "gaps", message.Version, message.ClosedAt,
        message.ClosedBecause, message.Due, message.FirstSent, message.LastSent,
        FormattableString.Invariant($"/api/v1/bursts/{burst}/messages/{message.Kind}/{message.Number}?observation={message.Observation}"));
}
