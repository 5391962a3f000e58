using System.Globalization;

namespace Svom.Demo;

/// <summary>Receptions as the network treated them.</summary>
/// <param name="Delivered">Repeats too.</param>
/// <param name="Late">By a minute or more.</param>
internal sealed record NetworkHarm(int Delivered, int Lost, int Broken, int Late);

/// <summary>Tells what a rough network left of a story.</summary>
internal sealed class RoughTeller(Narrator narrator)
{
    public void Tell(RoughOutcome outcome, NetworkHarm harm)
    {
        TellPackets(outcome, harm);
        TellKnown(outcome);
        narrator.Title("What differs, and why");
        foreach (var finding in outcome.Report.Findings.OrderBy(static finding => finding.Judgement))
        {
            if (finding.Judgement is Judgement.Explained)
            {
                narrator.Say($"· {finding.Text}");
            }
            else
            {
                narrator.Verdict(false, $"{(finding.Judgement is Judgement.Wrong ? "wrong" : "lost without a word")}: {finding.Text}");
            }
        }

        narrator.Verdict(outcome.AtRest, outcome.AtRest ? "both rehearsals came to rest" : "the platform did not come to rest in time");
        Judge(outcome, Judgement.Wrong, "whatever arrived says the same as over the perfect network", "things differ that arrived");
        Judge(outcome, Judgement.Unnamed, "whatever is lost is called missing", "losses are called missing nowhere");
    }

    private void Judge(RoughOutcome outcome, Judgement judgement, string well, string ill)
    {
        var found = outcome.Report.Findings.Count(finding => finding.Judgement == judgement);
        narrator.Verdict(found == 0, found == 0 ? well : string.Create(CultureInfo.InvariantCulture, $"{found} {ill}"));
    }

    private void TellPackets(RoughOutcome outcome, NetworkHarm harm)
    {
        var (sent, known) = (outcome.Perfect.Packets.Length, outcome.Rough.Packets.Length);
        var recovered = outcome.Rough.Packets.Count(static packet => packet.Recovered);
        var elsewhere = outcome.Perfect.Packets.Length - outcome.Perfect.Bursts.Sum(static burst => burst.Packets.Length);
        var late = outcome.Rough.Bursts.SelectMany(static burst => burst.Completeness).Sum(static row => row.Late);
        narrator.Title("What became of the packets");
        narrator.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"The network lost {harm.Lost} of {harm.Lost + harm.Delivered} receptions, {harm.Broken} came with wrong bits, {harm.Late} came late. {outcome.Played.Sent} were sent: {outcome.Played.Accepted} stored, {outcome.Played.Invalid} of them diverted as broken, {outcome.Played.Duplicates} repeats."));
        narrator.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"Of {sent} packets {known - recovered} were heard whole, {recovered} are known by the vote of their broken copies, {sent - known} are lost. {elsewhere} tell of the satellite and belong to no burst; of the others {late} came more than ten minutes late."));
        narrator.Table(
            ["packets of the burst", "sent", "whole", "by vote", "lost", "the platform says"],
            outcome.Report.Kinds.Select(static kind => (string[])[kind.Kind, Text(kind.Sent), Text(kind.Whole), Text(kind.Recovered), Text(kind.Lost), kind.Says]));
    }

    private void TellKnown(RoughOutcome outcome)
    {
        narrator.Title("What is known of the burst");
        var was = outcome.Perfect.Bursts.SelectMany(static burst => burst.Values).DistinctBy(static value => value.Key).ToDictionary(StringComparer.Ordinal);
        var now = outcome.Rough.Bursts.SelectMany(static burst => burst.Values).DistinctBy(static value => value.Key).ToDictionary(StringComparer.Ordinal);
        narrator.Table(
            ["value", "perfect network", "rough network"],
            was.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(path => (string[])[path, Plain(was.GetValueOrDefault(path)), Plain(now.GetValueOrDefault(path))]));

        var (told, heard) = (outcome.Perfect.Bursts.SelectMany(static burst => burst.Notices).ToArray(), outcome.Rough.Bursts.SelectMany(static burst => burst.Notices).ToArray());
        narrator.Table(
            ["notice", "perfect network", "rough network"],
            told.Concat(heard).Select(static notice => notice.Name).Distinct(StringComparer.Ordinal).Select(name => (string[])[name, State(told, name), State(heard, name)]));

        var messages = outcome.Rough.Bursts.SelectMany(static burst => burst.Messages).ToArray();
        narrator.Table(
            ["message", "perfect network", "rough network"],
            outcome.Perfect.Bursts.SelectMany(static burst => burst.Messages)
                .Select(message => (string[])[message.Name, Parts(message), messages.FirstOrDefault(one => one.Name == message.Name) is { } here ? Parts(here) : "nothing"]));
    }

    private static string Parts(ToldMessage message) => string.Create(
        CultureInfo.InvariantCulture, $"{message.Parts - message.Missing.Length} of {message.Parts} parts{(message.Missing.IsEmpty ? "" : $", without {string.Join(", ", message.Missing)}")}");

    private static string State(ToldNotice[] notices, string name) => Array.Find(notices, notice => notice.Name == name)?.State ?? "not made";

    private static string Plain(string? value) => value?.Trim('"') ?? "";

    private static string Text(int number) => number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture);
}
