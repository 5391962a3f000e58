using System.Text.Json;
using CsCheck;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Packets;
using Svom.Support;
using SequencerTransition = Svom.EventStore.Transition<Svom.Packets.SequencerRecord>;

namespace Svom.Unit.Packets;

public sealed class SequencerRulesTests
{
    private static readonly FeedId Feed = new("svom");
    private static readonly BurstOptions Options = new();

    [Fact] // Property: a crash may cut the feed anywhere, so batches must not matter.
    public void However_a_feed_is_cut_into_batches_every_burst_is_told_the_same()
    {
        var packets = Story();
        var whole = Told(packets, [packets.Length]);
        Gen.Int[1, packets.Length].List[1, 12].Sample(cuts => Assert.Equal(whole, Told(packets, cuts)));
    }

    [Fact] // An append holds so many rows and no more: a flood of triggers must not stop a feed for ever.
    public void A_batch_that_opens_more_bursts_than_one_append_holds_is_taken_in_parts()
    {
        LoggedReception[] flood = [.. Enumerable.Range(1, 2_048).Select(n => Logged(Frames.Grm(n, t0: Frames.T0.AddMinutes(-15 * n)), n))];
        var decoded = PacketDecoderGrain.Decode([.. flood]);
        var (state, appends) = (SequencerState.Empty(Feed), 0);
        while (state.Position < flood.Length)
        {
            var transition = SequencerRules.Route(state, Feed, flood, decoded, flood.Length, Frames.T0, Options)!;
            Assert.InRange(transition.Owed.Count + transition.Claims.Count + transition.Index.Count, 1, 4_096);
            state = transition.Records.Aggregate(state, SequencerState.Apply);
            appends++;
        }

        Assert.InRange(appends, 2, 10);
        Assert.Equal(flood.Length, state.Assignment.Counters.Values.Sum());
    }

    [Fact]
    public void What_the_sequencer_has_already_is_passed_over()
    {
        var packets = Story();
        var once = Route(SequencerState.Empty(Feed), packets, packets[^1].Position).State;
        Assert.Null(SequencerRules.Route(once, Feed, packets, PacketDecoderGrain.Decode([.. packets]), packets[^1].Position, Frames.T0, Options));
    }

    [Fact]
    public void A_burst_that_waits_is_told_once_when_mission_time_is_there()
    {
        var packets = Story();
        var state = Route(SequencerState.Empty(Feed), packets[..3], 3).State;
        var wish = SequencerRules.Wish(state, Feed, [new("sb26030101", packets[^1].Header!.Value.PacketTime.AddSeconds(-10), 4)]);
        Assert.Empty(wish.Owed);
        state = wish.Records.Aggregate(state, SequencerState.Apply);

        var (after, transition) = Route(state, packets[3..], packets[^1].Position);
        Assert.Contains(after.Wishes, static entry => entry is { Key: "sb26030101", Value: { At: null, Version: 4 } });
        var later = SequencerRules.Wish(after, Feed, [new("sb26030101", Frames.T0, 3)]);
        Assert.Empty(later.Owed); // An older wish that comes late brings nothing back.
        Assert.NotEmpty(transition.Owed);
    }

    [Fact]
    public void A_wish_for_a_time_that_has_come_is_answered_at_once()
    {
        var packets = Story();
        var state = Route(SequencerState.Empty(Feed), packets, packets[^1].Position).State;
        var wish = SequencerRules.Wish(state, Feed, [new("sb26030101", Frames.T0, 9)]);
        Assert.Equal("sb26030101", Assert.Single(wish.Owed).Target);
    }

    [Fact] // A person's act waits for its mission time although a flood pushed its burst out of memory.
    public void A_burst_that_waits_is_told_although_its_sequence_was_forgotten()
    {
        var options = new BurstOptions { MostSequences = 100 };
        var state = Flooded(options, 1, 1, SequencerState.Empty(Feed));
        var wish = Frames.T0.AddDays(1);
        state = Apply(state, SequencerRules.Wish(state, Feed, [new("sb26030101", wish, 4)]));
        state = Flooded(options, 2, 300, state);
        Assert.DoesNotContain(state.Assignment.Sequences, static sequence => sequence.Burst == "sb26030101");

        state = state with { Clock = new(wish) };
        var late = SequencerRules.Wish(state, Feed, [new("sb26030177", null, 1)]);
        Assert.Equal("sb26030101", Assert.Single(late.Owed).Target);
        Assert.DoesNotContain("sb26030101", Apply(state, late).Wishes.Keys);
    }

    [Fact]
    public void Nothing_is_kept_of_bursts_that_were_forgotten_however_many_there_were()
    {
        var options = new BurstOptions { MostSequences = 100 };
        var state = SequencerState.Empty(Feed);
        for (var batch = 0; batch < 5; batch++)
        {
            state = Flooded(options, (batch * 400) + 1, (batch + 1) * 400, state);
            foreach (var burst in state.Routed.Keys.Append("sb26022802").ToArray())
            {
                state = Apply(state, SequencerRules.Wish(state, Feed, [new(burst, Frames.T0.AddDays(-400), 1)])); // Told at once.
                state = Apply(state, SequencerRules.Wish(state, Feed, [new(burst, null, 2)]));
            }
        }

        Assert.Equal((100, 100), (state.Assignment.Sequences.Length, state.Routed.Count));
        Assert.InRange(state.Wishes.Count, 0, 100);
    }

    [Fact] // Property: the records hold what changed, and what was forgotten, of many more bursts that stand as they stood.
    public void The_records_of_a_feed_lead_to_the_sequences_that_its_packets_lead_to()
    {
        var options = new BurstOptions { MostSequences = 100 };
        LoggedReception[] packets =
        [
            .. Enumerable.Range(1, 260).Select(static n => n % 7 == 0
                ? Logged(Frames.Alert((uint)(4_000 + n), 0, 9, t0: Frames.T0.AddMinutes(-15 * (n - 3)), sequenceCount: n), n)
                : Logged(Frames.Grm(n, t0: Frames.T0.AddMinutes(-15 * n)), n)),
        ];
        var decoded = PacketDecoderGrain.Decode([.. packets]);
        var (clock, assigned) = (new FeedClock(), AssignmentState.Empty(rehearsal: false));
        for (var n = 0; n < packets.Length; n++)
        {
            clock = SequencerRules.Tick(clock, packets[n], options);
            assigned = BurstAssignment.Assign(assigned, decoded[n].Evidence!, clock.Mark, options).State;
        }

        Assert.Equal(100, assigned.Sequences.Length);
        Assert.Contains(assigned.Sequences, static sequence => sequence is { ObservationId: not null, GrmT0s.Length: 1 });
        Gen.Int[1, packets.Length].List[1, 12].Sample(cuts =>
        {
            var (state, at) = (SequencerState.Empty(Feed), 0);
            for (var n = 0; at < packets.Length; n++)
            {
                var next = Math.Min(packets.Length, at + cuts[n % cuts.Count]);
                state = Apply(state, SequencerRules.Route(state, Feed, packets[at..next], decoded[at..next], next, Frames.T0, options)!);
                at = next;
            }

            Assert.Equal(assigned.Sequences.Select(Text), state.Assignment.Sequences.Select(Text));
            Assert.Equal(assigned.Counters, state.Assignment.Counters);
        });

        static string Text(BurstSequence sequence) =>
            $"{sequence.Burst} {sequence.Reference:O} {sequence.ObservationId} {sequence.EclairsT0:O} {string.Join(' ', sequence.GrmT0s.Select(static t0 => t0.ToString("O")))} {sequence.Opened:O}";
    }

    [Fact] // A batch of a former version may hold more than one append takes today.
    public async Task A_replay_takes_a_page_whole_although_it_is_routed_in_parts()
    {
        LoggedReception[] flood = [.. Enumerable.Range(1, 2_048).Select(static n => Logged(Frames.Grm(n, t0: Frames.T0.AddMinutes(-15 * n)), n))];
        var store = System.Reflection.DispatchProxy.Create<IEventStore, EmptyStore>();
        using var bursts = new BurstReplays(store, Options);
        var replay = new SequencerReplay(Feed, bursts, Options);
        var recorded = new SequencerRecord.Took(flood.Length, new(), null, null, null, null, null);
        Assert.True(replay.Begin(recorded));
        replay.Take(new(new(flood, flood.Length), PacketDecoderGrain.Decode([.. flood])), flood.Length);
        Assert.Equal(flood.Length, replay.Position);
        replay.End(recorded);
        Assert.Equal((flood.Length, flood.Length), ((int)(await replay.ReportAsync()).Packets, (await replay.ReportAsync()).Bursts));
    }

    [Fact]
    public void An_unreadable_packet_is_parked_and_its_neighbours_go_on()
    {
        var packets = Story();
        var decoded = PacketDecoderGrain.Decode([.. packets]).SetItem(0, new(null, "no code for this"));
        var transition = SequencerRules.Route(SequencerState.Empty(Feed), Feed, packets, decoded, packets[^1].Position, Frames.T0, Options)!;
        Assert.Equal(packets[0].Position, Assert.Single(transition.Records.OfType<SequencerRecord.Parked>()).Position);
        Assert.NotEmpty(transition.Owed);
    }

    [Fact]
    public void A_state_reads_back_from_its_snapshot()
    {
        var packets = Story();
        var state = Route(SequencerState.Empty(Feed), packets, packets[^1].Position).State;
        state = Apply(state, SequencerRules.Wish(state, Feed, [new("sb26030101", Frames.T0.AddDays(1), 4), new("sb26030102", Frames.T0.AddHours(1), 4)]));
        var octets = JsonSerializer.SerializeToUtf8Bytes(state, SequencerJson.Default.SequencerState);
        var read = JsonSerializer.Deserialize(octets, SequencerJson.Default.SequencerState)!;
        Assert.Equal(octets, JsonSerializer.SerializeToUtf8Bytes(read, SequencerJson.Default.SequencerState));
        Assert.Equal(state.Position, read.Position);
        Assert.Equal(["sb26030102", "sb26030101"], read.Soonest.Select(static wish => wish.Burst));
        Assert.Equal(state.Soonest, read.Soonest);
    }

    private static SequencerState Apply(SequencerState state, SequencerTransition transition) => transition.Records.Aggregate(state, SequencerState.Apply);

    /// <summary>GRM triggers, each a burst of its own; the first is the youngest.</summary>
    private static SequencerState Flooded(BurstOptions options, int first, int last, SequencerState state)
    {
        LoggedReception[] flood = [.. Enumerable.Range(first, last - first + 1).Select(static n => Logged(Frames.Grm(n, t0: Frames.T0.AddMinutes(-15 * n)), n))];
        return Apply(state, SequencerRules.Route(state, Feed, flood, PacketDecoderGrain.Decode([.. flood]), last, Frames.T0, options)!);
    }

    /// <summary>A store in which nothing is recorded.</summary>
    public class EmptyStore : System.Reflection.DispatchProxy
    {
        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args) => Task.FromResult<IReadOnlyList<StreamRow>>([]);
    }

    /// <summary>Two bursts half an hour apart, GRM and ECLAIRs of the first mixed.</summary>
    private static LoggedReception[] Story()
    {
        var second = Frames.T0.AddMinutes(30);
        byte[][] frames =
        [
            Frames.Grm(1), Frames.Alert(4711, 0, 9, sequenceCount: 1), Frames.Alert(4711, 1, 12, sequenceCount: 2), Frames.Alert(4711, 2, 11, slewRequest: true, sequenceCount: 3),
            Frames.Alert(4712, 0, 8, t0: second, sequenceCount: 4), Frames.Grm(2, t0: second.AddSeconds(-3)), Frames.Alert(4712, 1, 15, t0: second, sequenceCount: 5),
            Frames.Alert(4711, 3, 14, sequenceCount: 6), Frames.Alert(4712, 9, 10, t0: second, sequenceCount: 7),
        ];
        return [.. frames.Select(static (frame, n) => Logged(frame, n + 1))];
    }

    private static LoggedReception Logged(byte[] frame, long position)
    {
        var reception = Frames.Heard(frame);
        var check = ReceptionRules.Check(reception);
        return new(position, reception.Station, reception.ReceivedAt, null, check.Verdict, check.Id, check.Header, true, false, reception.ReceivedAt, frame);
    }

    private static (SequencerState State, SequencerTransition Transition) Route(SequencerState state, LoggedReception[] packets, long upTo)
    {
        var transition = SequencerRules.Route(state, Feed, packets, PacketDecoderGrain.Decode([.. packets]), upTo, Frames.T0, Options)!;
        return (transition.Records.Aggregate(state, SequencerState.Apply), transition);
    }

    /// <summary>What every burst is told, packet by packet, when the feed is cut so.</summary>
    private static string[] Told(LoggedReception[] packets, IReadOnlyList<int> cuts)
    {
        var state = SequencerState.Empty(Feed);
        var told = new List<string>();
        var at = 0;
        for (var n = 0; at < packets.Length; n++)
        {
            var next = Math.Min(packets.Length, at + cuts[n % cuts.Count]);
            var (after, transition) = Route(state, packets[at..next], packets[next - 1].Position);
            foreach (var owed in transition.Owed.Where(static owed => owed.Route == BurstRoute.RouteName))
            {
                var message = JsonSerializer.Deserialize(owed.Payload.Span, BurstMessageJson.Default.BurstMessage)!;
                Assert.Equal(state.Routed.GetValueOrDefault(owed.Target), message.After);
                told.AddRange(message.Packets.Select(packet => $"{owed.Target} {packet.Position} {packet.Watermark:O}"));
            }

            (state, at) = (after, next);
        }

        return [.. told.OrderBy(static line => line, StringComparer.Ordinal)];
    }
}
