using System.Text.Json;
using CsCheck;
using Svom.Bursts;
using Svom.Support;

namespace Svom.Unit.Bursts;

/// <summary>Messages are what the set of their parts says, closed when their time is over and filled by what comes later.</summary>
public sealed class MessagePartsTests
{
    private const string Key = "eclairs-light-curve-high/0/77";

    // Few messages, few parts, contents and wholes that contradict each other, heard whole, recovered, or with values that cannot be.
    private static readonly Gen<Evidence> Parts =
        from part in Gen.Int[1, 4]
        from number in Gen.Int[0, 2]
        from bins in Gen.Frequency((6, Gen.Const(32)), (1, Gen.Int[33, 40]))
        from counts in Gen.Frequency((6, Gen.Const(100)), (1, Gen.Int[101, 103]))
        from trust in Gen.Frequency((4, Gen.Const(2)), (2, Gen.Const(1)), (1, Gen.Const(0)))
        select (Evidence)(InventedMessages.Curve(part, number, bins, counts) with { Recovered = trust == 1, Implausible = trust == 0 });

    private static readonly Gen<Evidence[]> Many = Gen.Frequency((3, Parts), (1, EvidenceGen.One)).Array[1, 40];

    [Fact]
    public void Whatever_the_order_repeats_and_mixture_of_messages_the_state_is_the_same() => Gen.Select(Many, Gen.Int).Sample((evidence, seed) =>
    {
        var random = new Random(seed);
        var mixed = evidence.Concat(evidence.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next());
        return Json(Fold(evidence)) == Json(Fold(mixed));
    });

    [Fact]
    public void A_state_that_was_stored_between_goes_on_as_one_that_was_not() => Gen.Select(Many, Gen.Int[0, 40]).Sample((evidence, cut) =>
    {
        var stored = JsonSerializer.Deserialize(Json(Fold(evidence.Take(cut))), BurstJson.Stored.ScientificState)!;
        var after = evidence.Skip(cut).Aggregate(stored, static (state, one) => state.Add(one));
        return Fold(evidence).Messages.All(message => Json(message.Value) == Json(after.Messages[message.Key])) && after.Messages.Count == Fold(evidence).Messages.Count;
    });

    [Fact]
    public void Lateness_changes_when_a_message_is_closed_and_not_what_it_says() => Gen.Select(Many, Gen.Int).Sample((evidence, seed) =>
    {
        var random = new Random(seed);
        var (prompt, late) = (new BurstDesk(), new BurstDesk());
        prompt.Hear(evidence);
        foreach (var one in evidence.OrderBy(_ => random.Next()))
        {
            late.Hear(one, one.PacketTime.AddMinutes(random.Next(0, 3_000)));
        }

        return Json(prompt.State.Science) == Json(late.State.Science);
    });

    [Fact]
    public void What_was_recorded_replays_and_no_message_makes_a_notice() => Gen.Select(Many, Gen.Int).Sample((evidence, seed) =>
    {
        var random = new Random(seed);
        var desk = new BurstDesk();
        foreach (var one in evidence)
        {
            _ = random.Next(6) == 0 ? desk.Reach(InventedBursts.At(random.Next(60, 2_000))) : desk.Hear(one);
        }

        var without = new BurstDesk().Hear([.. evidence.Where(static one => one is not MessagePart)]);
        var with = new BurstDesk().Hear(evidence);
        Assert.Equal(without.Ladder, with.Ladder);
        Assert.Equal(Json(desk.Records), Json(BurstRules.Replay(desk.State.Id, desk.Records, desk.Options)));
    });

    [Fact]
    public void A_message_with_a_lost_part_is_closed_partial_when_quiet_and_filled_later()
    {
        var desk = new BurstDesk().Hear([InventedBursts.Alert(), .. Enumerable.Range(1, 7).Where(static part => part != 3).Select(static part => InventedMessages.Curve(part))]);
        var open = Assert.Single(MessageViews.All(desk.State, desk.Options));
        Assert.Equal((MessageState.Open, 6, 8, 0), (open.State, open.Have, open.Expected, open.Version));
        Assert.Equal([3, 8], open.Missing);
        Assert.Equal(open.Due, MessageRules.NextMission(desk.State, desk.Options));

        desk.Reach(open.Due!.Value);
        var partial = Assert.Single(MessageViews.All(desk.State, desk.Options));
        Assert.Equal((MessageState.Partial, 1, "quiet"), (partial.State, partial.Version, partial.ClosedBecause));
        Assert.Null(partial.Due);
        Assert.Contains(desk.State.Timeline, static line => line is { Kind: "message" } && line.Text.Contains("closed with 6 of 8 parts, 3, 8 missing", StringComparison.Ordinal));
        Assert.Contains(BurstExplanations.Explain(desk.State, desk.Options), static line => line is { Type: "eclairs-light-curve-high/0", State: "partial" } && line.Why.Contains("Parts 3, 8 are missing."));

        var closed = desk.State.Messages[Key].ClosedAt;
        desk.Hear(InventedMessages.Curve(3), open.Due.Value.AddHours(30)).Hear(InventedMessages.Curve(8), open.Due.Value.AddHours(30));
        var filled = Assert.Single(MessageViews.All(desk.State, desk.Options));
        Assert.Equal((MessageState.Complete, 3, "complete", closed), (filled.State, filled.Version, filled.ClosedBecause, filled.ClosedAt));
        Assert.Single(desk.Records.OfType<MessageCompleted>());
        Assert.Single(desk.Records.OfType<MessageClosed>());
    }

    [Fact]
    public void A_message_whose_parts_trickle_is_closed_at_its_deadline()
    {
        var desk = new BurstDesk().Hear(InventedMessages.Curve(1));
        for (var minute = 4; minute <= 16; minute += 4)
        {
            desk.Hear(InventedMessages.Curve(minute / 4 * 2), InventedBursts.At(60 + (60 * minute)));
        }

        Assert.Empty(desk.Records.OfType<MessageClosed>());
        desk.Reach(InventedBursts.At(60).AddMinutes(21));
        Assert.Equal("deadline", Assert.Single(desk.Records.OfType<MessageClosed>()).Because);
    }

    [Fact]
    public void In_a_silent_feed_the_wall_clock_closes_a_message()
    {
        var desk = new BurstDesk().Hear(InventedMessages.Curve(1));
        var due = MessageRules.NextWall(desk.State, desk.Options)!.Value;
        Assert.True(BurstDeadlines.NextWall(desk.State, desk.Options) <= due);
        desk.Decide(new WallClockReached(due), due);
        Assert.Equal(FiredBy.WallClock, Assert.Single(desk.Records.OfType<MessageClosed>()).By);
        Assert.Null(MessageRules.NextWall(desk.State, desk.Options));
    }

    [Fact]
    public void Parts_that_contradict_each_other_are_told_and_most_of_them_count()
    {
        var desk = new BurstDesk().Hear(InventedMessages.Curve(1, bins: 63), InventedMessages.Curve(1), InventedMessages.Curve(2), InventedMessages.Curve(2, counts: 200));
        var message = Assert.Single(MessageViews.All(desk.State, desk.Options));
        Assert.Equal((true, 2, 8), (message.Conflict, message.Have, message.Expected));
    }

    [Fact] // Whoever floods a burst with messages fills no memory.
    public void Messages_are_bounded_whatever_arrives()
    {
        var science = ScientificState.Nothing;
        for (var n = 0; n < 300; n++)
        {
            science = science.Add(InventedMessages.Curve((n % 8) + 1, n % 16, 64, n, (uint)(n % 20)));
            science = science.Add(InventedMessages.Curve(1, 0, 1 + (n % 8), n, 0));
        }

        Assert.True(science.Messages.Count <= 64);
        Assert.All(science.Messages.Values, static message => Assert.True(message.Variants.Count <= 4));
    }

    [Theory] // The missing counts lie between the first and the last heard, also where the count wraps.
    [InlineData(new[] { 5 }, 1), InlineData(new[] { 5, 6, 7 }, 3), InlineData(new[] { 5, 9 }, 5), InlineData(new[] { 16382, 16383, 0, 3 }, 6)]
    public void What_an_application_sent_follows_from_its_sequence_counts(int[] counts, int expected)
    {
        var arrived = counts.Aggregate(ArrivedPackets.None, static (state, count) => state.With(count, false, null).With(count, false, null));
        Assert.Equal((counts.Length, expected), (arrived.Present, arrived.Expected));
    }

    [Fact]
    public void Completeness_tells_of_each_application_what_came_and_what_was_late()
    {
        var (now, desk) = (InventedBursts.At(100), new BurstDesk());
        HeardPacket Packet(long position, Evidence evidence, int count, double lateMinutes = 0) =>
            new(position, evidence, evidence.PacketTime.AddMinutes(lateMinutes), "T1", now, now, now, Apid: 1284, SequenceCount: count);
        desk.Decide(
            new PacketsHeard([Packet(1, InventedMessages.Curve(1), 10), Packet(2, InventedMessages.Curve(2), 11), Packet(3, InventedMessages.Curve(2), 12), Packet(4, InventedMessages.Curve(5), 14, 11)]), now);

        var row = Assert.Single(BurstViews.Completeness(desk.State), static row => row.Kind == "eclairs-light-curve-high");
        Assert.Equal((1284, 3, 5, 5, 4, 1, 0), (row.Apid, row.Heard, row.Missing, row.Expected, row.Present, row.Late, row.Recovered));
        Assert.Equal(new CountGap(13, 1), Assert.Single(row.Gaps!.Runs)); // Nobody says here whose it was.
        Assert.Equal(new MessageSummary(0, 0, 1, 8, 3), // Eleven minutes of mission time without a part have closed it.
             BurstViews.View(desk.State, null, 1, desk.Options).Messages);
    }

    [Theory] // Counts that the packets of a burst leave out between them, also where the count wraps.
    [InlineData(new[] { 5, 6, 7 }, ""), InlineData(new[] { 5, 9, 11 }, "6+3 10+1"), InlineData(new[] { 16380, 16383, 2 }, "0+2 16381+2"), InlineData(new[] { 16380, 0 }, "16381+3")]
    public void What_lies_between_the_packets_of_a_burst_follows_from_their_counts(int[] counts, string gaps)
    {
        var arrived = counts.Aggregate(ArrivedPackets.None, static (state, count) => state.With(count, false, InventedBursts.At(count % 100)));
        Assert.Equal(gaps, string.Join(' ', (arrived.Gaps?.Runs ?? []).OrderBy(static run => run.First).Select(static run => $"{run.First}+{run.Length}")));
        Assert.Equal(arrived.Expected - arrived.Present, (arrived.Gaps?.Runs ?? []).Sum(static run => run.Length));
        Assert.Equal((counts.Min(static count => InventedBursts.At(count % 100)), counts.Max(static count => InventedBursts.At(count % 100))), (arrived.FirstSent, arrived.LastSent));
    }

    [Theory] // The whole copy takes its part off, whichever came first.
    [InlineData(true), InlineData(false)]
    public void A_part_from_broken_copies_is_told_apart_until_it_is_heard_whole(bool recoveredFirst)
    {
        var desk = new BurstDesk().Hear(InventedMessages.Curve(1), InventedMessages.Curve(3) with { Recovered = true });
        var part = InventedMessages.Curve(2);
        _ = recoveredFirst ? desk.Hear(part with { Recovered = true }) : desk.Hear(part);
        int[] parts = recoveredFirst ? [2, 3] : [3];
        Assert.Equal(parts, Assert.Single(MessageViews.All(desk.State, desk.Options)).Recovered);
        Assert.Equal((3, parts.Length), (Curve(desk).Heard, Curve(desk).Recovered));
        Assert.Contains(
            recoveredFirst ? "Parts 2 to 3 came out of broken copies: nobody heard them whole." : "Part 3 came out of broken copies: nobody heard it whole.",
            BurstExplanations.Explain(desk.State, desk.Options).Single(static line => line.Type == "eclairs-light-curve-high/0").Why);

        _ = recoveredFirst ? desk.Hear(part) : desk.Hear(part with { Recovered = true });
        var message = Assert.Single(MessageViews.All(desk.State, desk.Options));
        Assert.Equal([3], message.Recovered);
        Assert.Equal((3, false, 3, 1), (message.Have, message.Conflict, Curve(desk).Heard, Curve(desk).Recovered));
        Assert.Equal(1, MessageViews.Summary(desk.State).PartsRecovered);

        desk.Hear(InventedMessages.Curve(3));
        Assert.Empty(Assert.Single(MessageViews.All(desk.State, desk.Options)).Recovered);
        Assert.Equal(0, Curve(desk).Recovered);

        static PacketCount Curve(BurstDesk desk) => Assert.Single(BurstViews.Completeness(desk.State), static row => row.Kind == "eclairs-light-curve-high");
    }

    [Theory] // A majority that is wrong, or values that cannot be, never take the place of what was heard whole.
    [InlineData(true, false), InlineData(false, true)]
    public void What_was_heard_whole_stands_above_what_was_recovered_or_cannot_be(bool recovered, bool implausible)
    {
        var (whole, other) = (InventedMessages.Curve(1), InventedMessages.Curve(1, counts: 200) with { Recovered = recovered, Implausible = implausible });
        MessagePart[] greater = string.CompareOrdinal(other.Payload, whole.Payload) > 0 ? [other, whole] : [whole, other];
        foreach (var pair in new[] { greater, [.. Enumerable.Reverse(greater)] })
        {
            var message = Assert.Single(new BurstDesk().Hear(pair).State.Science.Messages.Values);
            Assert.Equal((whole.Payload, true), (message.Best.Parts[1], message.Conflict));
            Assert.Empty(message.Recovered);
        }
    }

    [Fact] // Of wholes of which as many parts are here, the one that was heard whole counts.
    public void A_recovered_part_of_another_whole_hides_none_that_was_heard()
    {
        var bins = new[] { 63, 64 }.OrderBy(static bins => InventedMessages.Curve(1, bins: bins).Common, StringComparer.Ordinal).ToArray();
        var desk = new BurstDesk().Hear(InventedMessages.Curve(1, bins: bins[0]), InventedMessages.Curve(1, bins: bins[1]) with { Recovered = true });
        Assert.Empty(Assert.Single(MessageViews.All(desk.State, desk.Options)).Recovered);
    }

    private static ScientificState Fold(IEnumerable<Evidence> evidence) => evidence.Aggregate(ScientificState.Nothing, static (state, one) => state.Add(one));

    private static string Json(ScientificState state) => JsonSerializer.Serialize(state, BurstJson.Stored.ScientificState);

    private static string Json(MessageParts message) => string.Join('\n', message.Variants.OrderBy(static variant => variant.Key, StringComparer.Ordinal)
        .Select(static variant => $"{variant.Key} {variant.Value.Expected} {string.Join(' ', variant.Value.Parts)} {string.Join(' ', variant.Value.Conflicting)} / {string.Join(' ', variant.Value.Recovered ?? [])} / {string.Join(' ', variant.Value.Implausible ?? [])}").Append($"{message.FirstSent:O} {message.LastSent:O}"));

    private static string Json(IEnumerable<BurstRecord> records) => JsonSerializer.Serialize([.. records], BurstJson.Stored.BurstRecordArray);
}
