using System.Net.Http.Json;
using System.Text.Json;
using Svom.Contracts.Gateway;
using Svom.EndToEnd;
using Svom.Support;

namespace Svom.Faults;

/// <summary>A reader of server-sent events over kills (kill -9): what it got, put together, is what the archive holds, once and in order.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ResumedEventsTests : IDisposable
{
    private const int Lives = 3;
    private const int BurstsEach = 3;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_reader_goes_on_from_its_last_id_over_kills_without_gap_or_double()
    {
        var (http, mqtt) = (PlatformProcess.FreePort(), PlatformProcess.FreePort());
        var heard = new List<HeardEvent>();
        for (var life = 0; life <= Lives; life++)
        {
            await using var platform = await PlatformProcess.StartAsync(folder.Path, http, mqtt);
            var expected = heard.Count(static one => one.Name == "notice") + (life == Lives ? 0 : BurstsEach);
            if (life < Lives)
            {
                await DeliverAsync(platform, life); // Some of it before the reader is there again.
            }

            await using var reader = await EventReader.OpenAsync(platform.Http, "notices,bursts", heard.Count == 0 ? "notices:0,bursts:0" : heard[^1].Id);
            while (heard.Count(static one => one.Name == "notice") < expected)
            {
                heard.Add(await reader.NextAsync());
            }

            if (life < Lives)
            {
                await platform.KillAsync();
                heard.AddRange(await reader.RestAsync());
                continue;
            }

            var archive = await platform.Http.GetFromJsonAsync<JsonElement>("/api/v1/notices?after=0&limit=1000", TestContext.Current.CancellationToken);
            Assert.Equal(
                archive.GetProperty("items").EnumerateArray().Select(static notice => notice.GetProperty("sequence").GetInt64()),
                heard.Where(static one => one.Name == "notice").Select(static one => one.Data.GetProperty("notice").GetProperty("sequence").GetInt64()));
            await reader.DisposeAsync();

            // Changes may still be under way: what was heard is the beginning of what there is.
            await using var whole = await EventReader.OpenAsync(platform.Http, "bursts", "0");
            foreach (var change in heard.Where(static one => one.Name == "burst-change"))
            {
                Assert.Equal(Text(change), Text(await whole.NextAsync()));
            }
        }

        static string Text(HeardEvent change) => $"{change.Data.GetProperty("burst")} {change.Data.GetProperty("version")}";
    }

    private static async Task DeliverAsync(PlatformProcess platform, int life)
    {
        using var door = platform.Authorized();
        foreach (var n in Enumerable.Range(life * BurstsEach, BurstsEach))
        {
            var frame = Frames.Grm(n + 1, t0: Frames.T0.AddHours(n));
            using var content = new ByteArrayContent(ReceptionBodies.Array([Frames.Heard(frame)]));
            content.Headers.ContentType = new("application/json");
            using var answer = await door.PostAsync("/api/v1/packets", content, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }
}
