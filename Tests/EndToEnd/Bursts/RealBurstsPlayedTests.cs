using Svom.Bursts;
using Svom.Support;

namespace Svom.EndToEnd.Bursts;

/// <summary>Through packets, network, doors, log, grains and archive the platform comes to the notices that each past burst had.</summary>
[Collection(PastBurstsCollection.Name)]
public sealed class RealBurstsPlayedTests(PlayedRealBursts played, ITestOutputHelper output)
{
    private static readonly string Kept = Environment.GetEnvironmentVariable("SVOM_KEEP_NOTICES") ?? "";

    [Fact]
    public async Task Every_playable_public_notice_comes_out_of_the_platform_field_by_field()
    {
        Samples.Require("svom-voevent");
        var (agreed, all, faults) = (0, 0, new List<string>());
        var ids = await played.IdsAsync();
        foreach (var burst in played.Bursts)
        {
            var made = played.Notices.Where(notice => ids[burst].Contains(notice.Burst)).ToList();
            foreach (var real in burst.Notices)
            {
                var differences = await DifferencesAsync(burst, real, made.Find(notice => notice.Kind == real.Type));
                (agreed, all) = (agreed + (differences.Count == 0 ? 1 : 0), all + 1);
                faults.AddRange(differences.Select(difference => $"{burst.Name} {real.Type} {difference}"));
            }

            faults.AddRange(Unasked(burst, made).Select(notice => $"{burst.Name} {notice.Id} was sent, the real burst knows nothing of it"));
        }

        output.WriteLine($"{agreed} of {all} notices agree");
        faults.ForEach(output.WriteLine);
        Assert.Empty(faults);
        Assert.True(all >= 37, $"Only {all} notices were compared.");
    }

    [Fact]
    public async Task Bursts_of_one_day_in_one_platform_stay_apart()
    {
        Samples.Require("svom-voevent");
        var ids = await played.IdsAsync();
        Assert.All(played.Bursts, burst => Assert.Single(ids[burst]));
        Assert.Equal(played.Bursts.Count, (await played.Platform.Archive.BurstsAsync()).Length);
        Assert.Equal(played.Bursts.Count, ids.SelectMany(static burst => burst).Distinct(StringComparer.Ordinal).Count());
    }

    private async Task<List<string>> DifferencesAsync(RealBurst burst, RealNotice real, SeenNotice? ours)
    {
        if (ours is null)
        {
            return ["never made"];
        }

        var xml = await played.Platform.Archive.BytesAsync(ours.Id, ".xml");
        if (Kept.Length > 0)
        {
            await File.WriteAllBytesAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(Kept, burst.Name)).FullName, real.Type + ".xml"), xml);
        }

        var differences = NoticeComparison.Differences(real, RealNotice.Load(new MemoryStream(xml), ours.Id));
        return ours.State == "sent" ? differences : [.. differences, "was held"];
    }

    // Allowed beside the public ones: what a public notice of the burst cites, and the not-slewing of the deadline.
    private static IEnumerable<SeenNotice> Unasked(RealBurst burst, List<SeenNotice> made) => made.Where(notice => notice.State == "sent"
        && !burst.Notices.Any(real => real.Type == notice.Kind || real.Cited.Contains(notice.Kind)) && notice.Kind != NoticeTypes.NotSlewing);
}
