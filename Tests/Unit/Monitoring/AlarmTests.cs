using CsCheck;
using Svom.Monitoring;
using Svom.Outcomes;

namespace Svom.Unit.Monitoring;

public sealed class AlarmTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    private static readonly Gen<AlarmPersistence> Persistences =
        Gen.Select(Gen.Int[1, 32], Gen.Int[1, 32], Gen.Int[1, 8]).Select(static (one, two, clear) => new AlarmPersistence(Math.Min(one, two), Math.Max(one, two), clear));

    [Fact] // Held against the plain reading of the rule.
    public void An_alarm_is_raised_by_so_many_of_the_last_checks_and_returns_after_good_ones_on_end() => Gen.Select(Persistences, Gen.Bool.Array[0, 120]).Sample(static (persistence, checks) =>
    {
        var (condition, active, from) = (AlarmCondition.Resting("x"), false, 0);
        for (var n = 0; n < checks.Length; n++)
        {
            condition = condition.After(checks[n], Now.AddMinutes(n), persistence);
            var seen = checks[from..(n + 1)];
            if (!active)
            {
                active = seen.TakeLast(persistence.OutOf).Count(static bad => bad) >= persistence.Raise;
            }
            else if (seen.Length >= persistence.Clear && seen.TakeLast(persistence.Clear).All(static bad => !bad))
            {
                (active, from) = (false, n + 1);
            }

            Assert.Equal(active, condition.Active);
            Assert.True(!active || condition.Since is not null);
        }
    });

    [Fact]
    public void Good_checks_alone_leave_nothing_to_remember() => Persistences.Sample(static persistence =>
        Assert.Equal(AlarmCondition.Resting("x"), Enumerable.Range(0, 40).Aggregate(AlarmCondition.Resting("x"), (condition, n) => condition.After(bad: false, Now.AddMinutes(n), persistence))));

    [Fact]
    public void An_alarm_lives_as_the_standard_says()
    {
        var life = Tell(AlarmLife.Unborn, 1, raised: true);
        Assert.Equal(AlarmState.Unacknowledged, life.State);
        life = Tell(life, 1, raised: true); // A repeat.
        Assert.Equal(1, life.Occurrences);
        var known = AlarmRules.Apply(life, AlarmRules.Acknowledge(life, "ann", null, Now).Record!);
        Assert.Equal(AlarmState.Acknowledged, known.State);
        Assert.Equal((null, null), AlarmRules.Acknowledge(known, "bob", null, Now)); // Again changes nothing.
        Assert.Equal(AlarmState.Normal, Tell(known, 2, raised: false).State);
        var returned = Tell(life, 2, raised: false);
        Assert.Equal(AlarmState.ReturnedUnacknowledged, returned.State);
        Assert.Equal(AlarmState.Normal, AlarmRules.Apply(returned, AlarmRules.Acknowledge(returned, "ann", null, Now).Record!).State);
        Assert.Equal((AlarmState.Unacknowledged, 2), (Tell(Tell(known, 2, raised: false), 3, raised: true) is var again ? again.State : default, again.Occurrences));
    }

    [Fact]
    public void A_shelved_alarm_is_out_of_sight_until_its_time_and_shows_then_what_happened_meanwhile()
    {
        var life = Tell(AlarmLife.Unborn, 1, raised: true);
        Assert.Equal(RefusalCode.Invalid, AlarmRules.Shelve(life, "ann", Now, "repair", Now).Refusal!.Code);
        Assert.Equal(RefusalCode.Invalid, AlarmRules.Shelve(life, "ann", Now.AddDays(31), "repair", Now).Refusal!.Code);
        Assert.Equal(RefusalCode.NotPossibleNow, AlarmRules.Unshelve(life, "ann", Now).Refusal!.Code);
        Assert.Equal(RefusalCode.NotFound, AlarmRules.Shelve(AlarmLife.Unborn, "ann", Now.AddDays(1), "repair", Now).Refusal!.Code);
        var shelved = AlarmRules.Apply(life, AlarmRules.Shelve(life, "ann", Now.AddHours(2), "repair", Now).Record!);
        Assert.Equal(AlarmState.Shelved, shelved.State);
        var later = Tell(Tell(shelved, 2, raised: false), 3, raised: true);
        Assert.Equal(AlarmState.Shelved, later.State);
        Assert.Null(AlarmRules.Wake(later, Now.AddHours(1)));
        var back = AlarmRules.Apply(later, AlarmRules.Wake(later, Now.AddHours(2))!);
        Assert.Equal((AlarmState.Unacknowledged, 2), (back.State, back.Occurrences));
    }

    private static AlarmLife Tell(AlarmLife life, long version, bool raised) => AlarmRules.Tell(
        life, [new("watch", version, new("silent-satellite", "silent-satellite", null, raised, Now, Now, AlarmPriority.High, "what", "evidence", "action"))], Now).Aggregate(life, AlarmRules.Apply);
}
