using System.Text.Json;
using CsCheck;
using Svom.Bursts;
using Svom.Support;

namespace Svom.Unit.Bursts;

public sealed class ScientificStateTests
{
    [Fact]
    public void What_a_burst_is_depends_on_the_set_of_its_packets_alone() =>
        Gen.Select(EvidenceGen.Many, Gen.Int).Sample((evidence, seed) =>
        {
            var random = new Random(seed);
            var mixed = evidence.Concat(evidence.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()).ToList();
            return Fold(evidence) == Fold(mixed);
        });

    [Theory] // A broken sensor may well claim the greatest SNR: what cannot be must not hide what can.
    [InlineData(false), InlineData(true)]
    public void An_implausible_packet_never_takes_the_place_of_a_plausible_one(bool first)
    {
        Evidence[] sound = [InventedBursts.Alert(0, 10), InventedBursts.Grm("110", -3, 8), InventedBursts.Mxt(106.4, 120), InventedBursts.Answer(true, 60)];
        Evidence[] broken =
        [
            InventedBursts.Alert(0, 90, slew: true, after: 20) with { Implausible = true }, InventedBursts.Grm("111", -5, 80) with { Implausible = true },
            InventedBursts.Mxt(10, 250, after: 330) with { Implausible = true }, InventedBursts.Answer(false, 90) with { Implausible = true },
        ];
        var state = (first ? broken.Concat(sound) : sound.Concat(broken)).Aggregate(ScientificState.Nothing, static (state, one) => state.Add(one));
        Assert.Equal([.. sound], [state.Alerts[0], state.GrmBest!, state.BestMxt!, state.Slew!]);
        Assert.Equal(sound[1], state.GrmFirst);
        Assert.Equal(broken[0], broken.Aggregate(ScientificState.Nothing, static (state, one) => state.Add(one)).BestAlert); // Alone it is better than nothing.
    }

    [Fact]
    public void Lateness_changes_when_a_burst_is_known_and_not_what_it_is() =>
        Gen.Select(EvidenceGen.Many, Gen.Int).Sample((evidence, seed) =>
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
    public void Whatever_the_order_a_notice_is_made_once_cites_only_earlier_ones_and_replays() =>
        Gen.Select(EvidenceGen.Many, Gen.Int).Sample((evidence, seed) =>
        {
            var random = new Random(seed);
            var desk = new BurstDesk();
            foreach (var one in evidence)
            {
                if (random.Next(8) == 0)
                {
                    desk.Act(InventedBursts.Act((BurstActKind)random.Next(1, 5), random.Next(2) == 0 ? null : InventedBursts.At(random.Next(0, 600)), accept: random.Next(4) > 0));
                }

                desk.Hear(one);
            }

            var ids = desk.Notices.Select(static n => n.Id).ToList();
            Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
            Assert.All(desk.Notices, n => Assert.All(n.Cites, c => Assert.True(ids.IndexOf(c) < ids.IndexOf(n.Id) && ids.Contains(c))));
            Assert.Equal(desk.Notices.Where(static n => n.Sent).Select(static (_, i) => (int?)i + 1), desk.Notices.Where(static n => n.Sent).Select(static n => n.BurstSequence));
            Assert.True(desk.Notices.Count(static n => n.Type == NoticeTypes.MxtUpdate) <= 3);
            var replayed = BurstRules.Replay(desk.State.Id, desk.Records, desk.Options);
            Assert.Equal(Json(desk.Records), Json(replayed));
        });

    [Fact]
    public void Cutting_a_batch_anywhere_changes_nothing() =>
        Gen.Select(EvidenceGen.Many, Gen.Int[0, 30]).Sample((evidence, cut) =>
        {
            var now = InventedBursts.T0;
            var packets = evidence.Select((e, i) => new HeardPacket(i + 1, e, InventedBursts.At(20 * i), "T1", now, now, now)).ToArray();
            var context = new DecisionContext(now, new BurstOptions());
            var whole = BurstRules.Decide(new("sb26030101"), new PacketsHeard([.. packets]), context);
            var first = BurstRules.Decide(new("sb26030101"), new PacketsHeard([.. packets.Take(cut)]), context);
            var rest = BurstRules.Decide(first.After, new PacketsHeard([.. packets.Skip(cut / 2)]), context); // Some of it again.
            return Json(whole.Records) == Json(first.Records.AddRange(rest.Records));
        });

    private static string Fold(IEnumerable<Evidence> evidence) => Json(evidence.Aggregate(ScientificState.Nothing, static (state, one) => state.Add(one)));

    private static string Json(ScientificState state) => JsonSerializer.Serialize(state, BurstJson.Stored.ScientificState);

    private static string Json(IEnumerable<BurstRecord> records) => JsonSerializer.Serialize([.. records], BurstJson.Stored.BurstRecordArray);
}
