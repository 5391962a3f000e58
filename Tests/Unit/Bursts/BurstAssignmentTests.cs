using CsCheck;
using Svom.Bursts;
using Svom.Support;
using static Svom.Support.InventedBursts;

namespace Svom.Unit.Bursts;

public sealed class BurstAssignmentTests
{
    private static readonly BurstOptions Options = new();

    private static readonly Gen<Evidence> Any = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 3_000]).Select(static (kind, observation, after) => kind switch
    {
        // T0 belongs to the sequence: one for each observation.
        0 => (Evidence)(Alert() with { ObservationId = (uint)observation, SequenceT0 = T0.AddSeconds(observation * 400), PacketTime = T0.AddSeconds((observation * 400) + 30) }),
        1 => Answer(true, after) with { ObservationId = (uint)observation },
        2 => Mxt(after: after) with { ObservationId = (uint)observation },
        _ => Grm(t0After: after),
    });

    [Fact]
    public void A_GRM_trigger_and_a_near_ECLAIRs_sequence_are_one_burst_whichever_came_first()
    {
        Assert.Equal(["sb26030101", "sb26030101"], Bursts(Grm(), Alert()));
        Assert.Equal(["sb26030101", "sb26030101"], Bursts(Alert(), Grm()));
        Assert.Equal(["sb26030101", "sb26030101"], Bursts(Alert(), Grm(t0After: 360)));
        Assert.Equal(["sb26030101", "sb26030102"], Bursts(Alert(), Grm(t0After: 360.001)));
        Assert.Equal(["sb26030101", "sb26030102"], Bursts(Grm(t0After: -360.001), Alert()));
    }

    [Fact]
    public void A_GRM_trigger_joins_the_nearest_sequence()
    {
        var other = Alert() with { ObservationId = 78, SequenceT0 = T0.AddSeconds(500) };
        Assert.Equal(["sb26030101", "sb26030102", "sb26030102", "sb26030101"], Bursts(Alert(), other, Grm(t0After: 260), Grm(t0After: 240)));
    }

    [Fact]
    public void Slew_and_MXT_packets_follow_their_observation_and_open_a_sequence_when_its_first_packets_are_lost()
    {
        Assert.Equal(["sb26030101", "sb26030101", "sb26030101"], Bursts(Alert(), Answer(true), Mxt()));
        var plan = BurstAssignment.Assign(AssignmentState.Empty(false), Mxt(), T0, Options);
        Assert.True(plan is { Opened: true, Burst: "sb26030101" });
        Assert.Equal("sb26030101", BurstAssignment.Assign(plan.State, Alert(), T0, Options).Burst);
    }

    [Fact]
    public void Given_numbers_never_merge_a_late_link_is_told()
    {
        var state = BurstAssignment.Assign(AssignmentState.Empty(false), Grm(), T0, Options).State;
        state = BurstAssignment.Assign(state, Mxt(), T0, Options).State;
        var plan = BurstAssignment.Assign(state, Alert(), T0, Options);
        Assert.Equal(("sb26030102", "sb26030101"), (plan.Burst, Assert.Single(plan.Related)));
    }

    [Fact]
    public void Numbers_count_by_day_of_T0_and_grow_a_third_digit()
    {
        var state = AssignmentState.Empty(rehearsal: true).WithTaken("tb26030198");
        var ids = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            var plan = BurstAssignment.Assign(state, Grm(t0After: i * 1_000), T0, Options);
            (state, _) = (plan.State, 0);
            ids.Add(plan.Burst);
        }

        Assert.Equal(["tb26030199", "tb260301100", "tb260301101"], ids);
        Assert.Equal("tb26030201", BurstAssignment.Assign(state, Grm(t0After: 86_400), T0, Options).Burst);
    }

    [Fact]
    public void Old_sequences_are_forgotten_and_their_numbers_are_not()
    {
        var state = BurstAssignment.Assign(AssignmentState.Empty(false), Grm(), T0, Options).State;
        state = BurstAssignment.Assign(state, Grm(t0After: 86_400 * 31), T0.AddDays(31), Options).State;
        Assert.Single(state.Sequences);
        Assert.Equal("sb26030102", BurstAssignment.Assign(state, Grm(), T0.AddDays(31), Options).Burst);
    }

    [Fact]
    public void Values_that_cannot_be_belong_nowhere() =>
        Assert.Null(BurstAssignment.Assign(AssignmentState.Empty(false), Alert() with { SequenceT0 = T0.AddDays(-400) }, T0, Options).Burst);

    [Fact]
    public void One_observation_has_one_number_and_a_repeated_packet_never_another() =>
        Any.Array[1, 40].Sample(evidence =>
        {
            var (state, given) = (AssignmentState.Empty(false), new Dictionary<object, string?>());
            foreach (var one in evidence.Concat(evidence.Reverse()))
            {
                var plan = BurstAssignment.Assign(state, one, T0, Options);
                state = plan.State;
                object key = one switch
                {
                    EclairsAlert a => a.ObservationId,
                    SlewAnswer s => s.ObservationId,
                    MxtPosition m => m.ObservationId,
                    GrmTrigger g => g.T0,
                    _ => "",
                };
                Assert.Equal(given.TryAdd(key, plan.Burst) ? plan.Burst : given[key], plan.Burst);
            }

            Assert.Equal(state.Sequences.Length, state.Sequences.Select(static s => s.Burst).Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(state.Sequences.Length, state.Counters.Values.Sum());
        });

    [Fact]
    public void The_clock_trails_and_takes_no_time_from_the_future()
    {
        var clock = Started();
        Assert.Equal(T0.AddSeconds(8), Heard(clock, 10, 11, "c").Watermark);
        Assert.Equal(clock, Heard(clock, 10 + 61, 10, "c"));
        Assert.Equal(clock.Mark, Heard(clock, -100, 10, "c").Mark);
    }

    [Fact]
    public void A_leap_needs_a_second_packet_that_agrees()
    {
        var leap = Heard(Started(), 5_000, 5_001, "c");
        Assert.Equal(Started().Watermark, leap.Watermark);
        Assert.Equal(leap.Watermark, Heard(leap, 5_000, 5_002, "c").Watermark); // A copy of the same packet confirms nothing.
        Assert.Equal(leap.Watermark, Heard(leap, 9_000, 9_001, "d").Watermark); // Another leap is no confirmation.
        Assert.Equal(T0.AddSeconds(4_998), Heard(leap, 5_030, 5_031, "d").Watermark);
    }

    [Fact] // Property: whatever times packets have that agree on nothing.
    public void Packets_that_do_not_agree_never_take_the_clock_back() =>
        Gen.Select(Gen.Int[-5_000, 5_000], Gen.Int[-5_000, 5_000]).Array[1, 60].Sample(static packets =>
        {
            var clock = new FeedClock();
            for (var i = 0; i < packets.Length; i++)
            {
                var next = Heard(clock, packets[i].Item1, packets[i].Item2, $"{i}");
                Assert.True(next.Mark >= clock.Mark);
                clock = next;
            }
        });

    [Fact] // An old burst is played as real into a platform that has heard the present.
    public void A_run_of_packets_from_an_earlier_time_takes_the_clock_back_to_it()
    {
        var clock = Run(Started(), from: -90_000, packets: 15);
        Assert.Equal(Started().Mark, clock.Mark);
        Assert.Equal(T0.AddSeconds(-90_000 + 30 - 2), Heard(clock, -90_000 + 30, -90_000 + 31, "z").Mark);
    }

    [Fact] // A station that was cut off delivers a day late, while others go on.
    public void The_present_speaking_in_between_keeps_the_clock()
    {
        var clock = Started();
        for (var n = 0; n < 100; n++)
        {
            clock = Heard(Run(clock, from: -90_000 + (n * 20), packets: 10), 4 + n, 5 + n, $"present {n}");
        }

        Assert.Equal(T0.AddSeconds(4 + 99 - 2), clock.Mark);
    }

    [Fact]
    public void Old_bursts_that_arrive_interleaved_keep_their_numbers()
    {
        var (state, now) = (AssignmentState.Empty(false), T0.AddDays(400));
        var numbers = new HashSet<string?>();
        for (var n = 0; n < 10; n++)
        {
            foreach (var alert in new[] { Alert(n), Alert(n) with { ObservationId = 78, SequenceT0 = T0.AddDays(1) } })
            {
                var plan = BurstAssignment.Assign(state, alert, now, Options);
                state = plan.State;
                numbers.Add(plan.Burst);
            }
        }

        Assert.Equal(2, numbers.Count);
    }

    private static FeedClock Run(FeedClock clock, int from, int packets) =>
        Enumerable.Range(0, packets).Aggregate(clock, (heard, n) => Heard(heard, from + (n * 2), from + (n * 2) + 1, $"{from}/{n}"));

    private static FeedClock Started() => Heard(Heard(new(), 0, 1, "a"), 2, 3, "b") with { Leap = null, LeapPacket = null };

    private static FeedClock Heard(FeedClock clock, int sent, int received, string packet) =>
        clock.Heard(T0.AddSeconds(sent), T0.AddSeconds(received), packet, Options);

    private static List<string?> Bursts(params Evidence[] evidence)
    {
        var (state, bursts) = (AssignmentState.Empty(false), new List<string?>());
        foreach (var one in evidence)
        {
            var plan = BurstAssignment.Assign(state, one, T0, Options);
            state = plan.State;
            bursts.Add(plan.Burst);
        }

        return bursts;
    }
}
