using System.Xml;
using System.Xml.Schema;
using Svom.Bursts;
using Svom.Support;

namespace Svom.Unit.Bursts;

/// <summary>The rules against the past: from the facts of each public burst they come to its public notices.</summary>
public sealed class RealNoticesTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_playable_public_notice_comes_out_field_by_field()
    {
        var bursts = RealBursts.All(Samples.Require("svom-voevent")).ToList();
        var (agreed, all, faults) = (0, 0, new List<string>());
        foreach (var burst in bursts)
        {
            var made = new MissionPlay(new BurstOptions()).Play(burst.Packets, burst.Acts).Notices.ToList();
            foreach (var real in burst.Notices)
            {
                all++;
                var ours = made.Find(n => NoticeTypes.Name(n.Type, n.Quality) == real.Type);
                List<string> differences = ours is null ? ["never made"] : NoticeComparison.Differences(real, Read(ours));
                differences.AddRange(ours is { Sent: false } ? [$"held: {ours.HeldBecause}"] : []);
                agreed += differences.Count == 0 ? 1 : 0;
                faults.AddRange(differences.Select(d => $"{burst.Name} {real.Type} {d}"));
            }

            faults.AddRange(Unasked(burst, made).Select(n => $"{burst.Name} {n.Id} was sent, the real burst knows nothing of it"));
        }

        output.WriteLine($"{agreed} of {all} notices agree");
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(all >= 37, $"Only {all} notices were compared.");
    }

    [Fact]
    public void Past_bursts_replay_from_their_records_byte_for_byte() => Assert.All(RealBursts.All(Samples.Require("svom-voevent")).ToList(), static burst =>
    {
        var options = new BurstOptions();
        var play = new MissionPlay(options).Play(burst.Packets, burst.Acts);
        var again = BurstRules.Replay(Assert.Single(play.Bursts.Keys), play.Records, options).OfType<NoticeMade>();
        Assert.Equal(play.Notices.Select(static n => n.Id + n.XmlSha256 + n.JsonSha256), again.Select(static n => n.Id + n.XmlSha256 + n.JsonSha256));
    });

    [Fact]
    public void What_we_write_of_past_bursts_is_valid_against_the_VOEvent_schema()
    {
        var schemas = new XmlSchemaSet();
        schemas.Add(null, Samples.Require(Path.Combine("schema", "VOEvent-v2.0.xsd")));
        var made = RealBursts.All(Samples.Require("svom-voevent")).SelectMany(static b => new MissionPlay(new BurstOptions()).Play(b.Packets, b.Acts).Notices).ToList();
        Assert.All(made, notice =>
        {
            var settings = new XmlReaderSettings { Schemas = schemas, ValidationType = ValidationType.Schema };
            settings.ValidationEventHandler += (_, fault) => Assert.Fail($"{notice.Id}: {fault.Message}");
            using var xml = XmlReader.Create(new MemoryStream(notice.XmlBytes()), settings);
            while (xml.Read())
            {
            }
        });
        Assert.NotEmpty(made);
    }

    // Allowed beside the public ones: what a public notice of the burst cites, and the not-slewing of the deadline.
    private static IEnumerable<NoticeMade> Unasked(RealBurst burst, List<NoticeMade> made) => made.Where(n => n.Sent
        && !burst.Notices.Any(r => r.Type == NoticeTypes.Name(n.Type, n.Quality) || r.Cited.Contains(NoticeTypes.Name(n.Type, n.Quality)))
        && n.Type != NoticeTypes.NotSlewing);

    private static RealNotice Read(NoticeMade notice) => RealNotice.Load(new MemoryStream(notice.XmlBytes()), notice.Id);
}
