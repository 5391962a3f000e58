using System.Net;
using System.Text.Json;
using Svom.Bursts;
using Svom.Notifications;
using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Contracts.Gateway;

public sealed class ReadDoorTests(Door door) : IClassFixture<Door>
{
    private const string Time = "2026-03-01T04:13:22.007Z";

    [Theory]
    [InlineData("/api/v1/bursts")]
    [InlineData("/api/v1/packets")]
    [InlineData("/api/v1/notices")]
    [InlineData("/api/v1/stations")]
    [InlineData("/api/v1/alarms")]
    [InlineData("/api/v1/bursts/sb26042105/notices")]
    [InlineData("/api/v1/bursts/sb26042105/packets")]
    [InlineData("/api/v1/bursts/sb26042105/timeline")]
    [InlineData("/api/v1/bursts/sb26042105/explain")]
    [InlineData("/api/v1/bursts/sb26042105/messages")]
    public async Task Every_list_has_items_and_next(string path)
    {
        var list = await Door.JsonAsync(door.GetAsync(path), 200);
        Assert.Equal(["items", "next"], list.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(path.EndsWith("/timeline", StringComparison.Ordinal) ? 3 : 1, list.GetProperty("items").GetArrayLength()); // One of them the burst's own, two of a telescope.
    }

    [Fact]
    public async Task What_telescopes_said_stands_with_the_notice_the_burst_and_its_timeline()
    {
        var receipt = (await Door.JsonAsync(door.GetAsync($"/api/v1/notices/{Platform.Notice}/receipts"), 200)).GetProperty("items")[0];
        Assert.Equal(("colibri", "2026-03-01T04:13:22.007Z"), (receipt.GetProperty("telescope").GetString(), receipt.GetProperty("receivedAt").GetString()));
        var intents = (await Door.JsonAsync(door.GetAsync($"/api/v1/bursts/{Platform.Burst}/intents"), 200)).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([("cannot", false), ("will-observe", true)], intents.Select(static intent => (intent.GetProperty("intent").GetString(), intent.GetProperty("stands").GetBoolean())));
        var lines = (await Door.JsonAsync(door.GetAsync($"/api/v1/bursts/{Platform.Burst}/timeline"), 200)).GetProperty("items").EnumerateArray()
            .Where(static line => line.GetProperty("kind").GetString() == "telescope").Select(static line => line.GetProperty("text").GetString());
        Assert.Equal(["colibri cannot observe: clouds", "colibri will observe, start 2026-03-01T04:13:22.007Z."], lines);
        await Door.ProblemAsync(door.GetAsync("/api/v1/notices/nothing/receipts"), ProblemTypes.NotFound);
        await Door.ProblemAsync(door.GetAsync("/api/v1/bursts/sb26042199/intents"), ProblemTypes.NotFound);
    }

    [Fact]
    public async Task A_burst_is_told_with_units_zulu_times_words_and_links()
    {
        using var answer = await door.GetAsync("/api/v1/bursts/sb26042105");
        Assert.Equal("\"7\"", answer.Headers.ETag?.Tag);
        var burst = await Door.JsonAsync(Task.FromResult(answer), 200);
        Assert.Equal("sb26042105", burst.GetProperty("id").GetString());
        Assert.Equal("active", burst.GetProperty("status").GetString());
        Assert.Equal(Time, burst.GetProperty("t0").GetProperty("eclairs").GetString());
        Assert.Equal(0.04, burst.GetProperty("best").GetProperty("raDecError").GetDouble());
        Assert.Equal("/api/v1/notices/" + Platform.Notice, burst.GetProperty("notices")[0].GetProperty("href").GetString());
        Assert.Equal("/api/v1/bursts/sb26042105/timeline", burst.GetProperty("links").GetProperty("timeline").GetString());

        using var again = await door.GetAsync("/api/v1/bursts/sb26042105", ("If-None-Match", "\"7\""));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task A_message_is_told_with_what_is_missing_as_null()
    {
        var item = (await Door.JsonAsync(door.GetAsync("/api/v1/bursts/sb26042105/messages"), 200)).GetProperty("items")[0];
        Assert.Equal(("partial", "gaps", 2, 1, "quiet"), (
            item.GetProperty("state").GetString(), item.GetProperty("quality").GetString(), item.GetProperty("expected").GetInt32(), item.GetProperty("have").GetInt32(), item.GetProperty("closedBecause").GetString()));
        Assert.Equal([2], item.GetProperty("missing").EnumerateArray().Select(static part => part.GetInt32()));
        Assert.Equal([1], item.GetProperty("recovered").EnumerateArray().Select(static part => part.GetInt32()));

        var content = await Door.JsonAsync(door.GetAsync(item.GetProperty("href").GetString()!), 200);
        var curve = content.GetProperty("lightCurve");
        Assert.Equal((0.5, "011", 3), (curve.GetProperty("binSeconds").GetDouble(), curve.GetProperty("detectors").GetString(), curve.GetProperty("bands").GetArrayLength()));
        var counts = curve.GetProperty("counts")[1].EnumerateArray().ToArray();
        Assert.Equal((12, 100, 109), (counts.Length, counts[0].GetInt32(), counts[9].GetInt32()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (counts[10].ValueKind, counts[11].ValueKind));
        Assert.Equal(JsonValueKind.Null, content.GetProperty("image").ValueKind);
    }

    [Fact]
    public async Task What_became_of_a_burst_is_told_with_what_is_awaited_and_what_came_late()
    {
        var summary = await Door.JsonAsync(door.GetAsync("/api/v1/bursts/sb26042105/follow-through"), 200);
        Assert.Equal(("awaiting-position", 4), (summary.GetProperty("phase").GetString(), summary.GetProperty("number").GetInt32()));
        var (validation, position) = (summary.GetProperty("steps")[0], summary.GetProperty("steps")[1]);
        Assert.Equal(("validation", "accepted", 660, 60), (
            validation.GetProperty("step").GetString(), validation.GetProperty("outcome").GetString(), validation.GetProperty("afterSeconds").GetDouble(), validation.GetProperty("lateSeconds").GetDouble()));
        Assert.Equal(("position", true, JsonValueKind.Null), (position.GetProperty("step").GetString(), position.GetProperty("overdue").GetBoolean(), position.GetProperty("outcome").ValueKind));
        Assert.Equal("accept", summary.GetProperty("acts")[0].GetProperty("what").GetString());
        Assert.Equal(JsonValueKind.Null, summary.GetProperty("ended").ValueKind);
    }

    [Fact]
    public async Task A_packet_is_told_with_every_field()
    {
        var packet = await Door.JsonAsync(door.GetAsync($"/api/v1/packets/{Platform.Packet.Id}"), 200);
        Assert.Equal("valid", packet.GetProperty("verdict").GetString());
        Assert.Equal("AQID", packet.GetProperty("octets").GetString());
        Assert.Equal("""{"name":"snr","bitOffset":96,"bits":16,"raw":"3071","value":"30.71","unit":null,"inRange":true}""", packet.GetProperty("fields")[0].GetRawText());
        Assert.Equal(Time, packet.GetProperty("receptions")[0].GetProperty("receivedAt").GetString());
    }

    [Fact]
    public async Task Filters_reach_the_platform_as_they_were_meant()
    {
        await using var own = new OwnDoor();
        await own.OpenAsync();
        await Door.JsonAsync(own.Door.GetAsync("/api/v1/packets?apid=576&burst=sb26042105&station=KOU&session=drill&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00%2B01:00&invalid=true&cursor=c&limit=7"), 200);
        await Door.JsonAsync(own.Door.GetAsync("/api/v1/bursts?observation=83886081&status=closed&session=drill&limit=1000"), 200);
        await Door.JsonAsync(own.Door.GetAsync("/api/v1/notices?after=0&type=mxt-initial&burst=sb26042105"), 200);

        var day = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(
            [
                new PacketSearch("drill", 576, "sb26042105", "KOU", day, day.AddHours(23), true, "c", 7),
                new BurstSearch("83886081", Status: BurstStatus.Closed, Session: "drill", Limit: 1000),
                new NoticeSearch(0, Type: "mxt-initial", Burst: "sb26042105"),
            ],
            own.Door.Platform.Searches);
    }

    [Theory]
    [InlineData("/api/v1/packets?apid=2048", "apid")]
    [InlineData("/api/v1/packets?apid=x", "apid")]
    [InlineData("/api/v1/packets?apid=1&apid=2", "apid")]
    [InlineData("/api/v1/packets?limit=0", "limit")]
    [InlineData("/api/v1/packets?limit=1001", "limit")]
    [InlineData("/api/v1/packets?invalid=yes", "invalid")]
    [InlineData("/api/v1/packets?from=2026-03-01", "from")]
    [InlineData("/api/v1/packets?to=2026-03-01T00:00:00%2000:00", "to")]
    [InlineData("/api/v1/packets?station=", "station")]
    [InlineData("/api/v1/packets?sation=KOU", "sation")]
    [InlineData("/api/v1/bursts?status=open", "status")]
    [InlineData("/api/v1/bursts?Status=active", "Status")]
    [InlineData("/api/v1/notices?after=-1", "after")]
    [InlineData("/api/v1/notices?after=99999999999999999999", "after")]
    [InlineData("/api/v1/bursts/sb26042105?x=1", "x")]
    public async Task A_query_that_cannot_be_used_is_refused_by_name(string path, string parameter)
    {
        var problem = await Door.ProblemAsync(door.GetAsync(path), ProblemTypes.InvalidParameter);
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString(), ignoreCase: true);
    }

    [Fact]
    public async Task A_foreign_cursor_is_refused() => await Door.ProblemAsync(door.GetAsync("/api/v1/packets?cursor=bad"), ProblemTypes.InvalidParameter);

    [Theory]
    [InlineData("/api/v1/bursts/sb99999999")]
    [InlineData("/api/v1/bursts/sb99999999/timeline")]
    [InlineData("/api/v1/bursts/sb99999999/notices")]
    [InlineData("/api/v1/bursts/sb99999999/packets")]
    [InlineData("/api/v1/bursts/sb99999999/explain")]
    [InlineData("/api/v1/bursts/sb99999999/follow-through")]
    [InlineData("/api/v1/bursts/sb99999999/messages")]
    [InlineData("/api/v1/bursts/sb26042105/messages/grm-light-curve/7")]
    [InlineData("/api/v1/bursts/sb26042105/messages/no-such-kind/0")]
    [InlineData("/api/v1/bursts/sb26042105/messages/grm-light-curve/-1")]
    [InlineData("/api/v1/bursts/sb26042105/messages/grm-light-curve/0?observation=78")]
    [InlineData("/api/v1/bursts/none/follow-through")]
    [InlineData("/api/v1/bursts/no%20name")]
    [InlineData("/api/v1/packets/ff")]
    [InlineData("/api/v1/packets/ffffffffffffffffffffffffffffffff")]
    [InlineData("/api/v1/notices/none")]
    [InlineData("/api/v1/notices/none.xml")]
    [InlineData("/api/v1/notices/a.b.c")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v2")]
    [InlineData("/docs/problems/none")]
    [InlineData("/pages/none.js")]
    [InlineData("/nothing")]
    public async Task What_is_not_there_is_a_problem(string path) => await Door.ProblemAsync(door.GetAsync(path), ProblemTypes.NotFound);

    [Fact]
    public async Task A_method_that_is_not_taken_is_a_problem() => await Door.ProblemAsync(door.PostJsonAsync("/api/v1/bursts", "{}"), ProblemTypes.MethodNotAllowed);

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/xml", "application/xml")]
    [InlineData("application/*;q=0.5, application/xml", "application/xml")]
    [InlineData("application/xml;q=0.4, application/json;q=0.3", "application/xml")]
    [InlineData("text/html, */*;q=0.1", "application/json")]
    public async Task Accept_decides_the_form_of_a_notice(string? accept, string type)
    {
        using var answer = await door.GetAsync($"/api/v1/notices/{Platform.Notice}", accept is null ? [] : [("Accept", accept)]);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept", answer.Headers.Vary);
        if (type is "application/json")
        {
            var notice = await Door.JsonAsync(Task.FromResult(answer), 200);
            Assert.Equal(17, notice.GetProperty("sequence").GetInt64());
            Assert.Equal($"/api/v1/notices/{Platform.Notice}.xml", notice.GetProperty("links").GetProperty("voEvent").GetString());
        }
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json;q=0, application/xml;q=0")]
    public async Task A_form_that_cannot_be_made_is_refused(string accept) =>
        await Door.ProblemAsync(door.GetAsync($"/api/v1/notices/{Platform.Notice}", ("Accept", accept)), ProblemTypes.NotAcceptable);

    [Theory]
    [InlineData(".xml", "application/xml")]
    [InlineData(".json", "application/json")]
    [InlineData(".envelope.json", "application/json")]
    public async Task The_exact_bytes_of_a_notice_never_change(string suffix, string type)
    {
        var octets = suffix is ".xml" ? Platform.Xml : Platform.Gcn;
        var path = $"/api/v1/notices/{Platform.Notice}{suffix}";
        using var answer = await door.GetAsync(path, ("Accept", "text/html"));
        Assert.Equal(octets, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(type, answer.Content.Headers.ContentType?.ToString());
        Assert.Equal($"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(octets))}\"", answer.Headers.ETag?.ToString());
        Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);

        using var again = await door.GetAsync(path, ("If-None-Match", answer.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);

        using var head = await door.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(octets.Length, head.Content.Headers.ContentLength);
    }

    [Fact] // The fake platform has no such grain and throws: the client learns only that the platform failed.
    public async Task A_fault_of_the_platform_tells_nothing_of_its_insides()
    {
        await using var own = new OwnDoor();
        await own.OpenAsync();
        own.Door.Grains.Put<IBurstQueryGrain>(static _ => throw new InvalidOperationException("secret of the insides"));
        await Door.ProblemAsync(own.Door.GetAsync("/api/v1/bursts"), ProblemTypes.Internal);
        own.Door.Grains.Put<IBurstQueryGrain>(static _ => throw new TimeoutException("secret of the insides"));
        await Door.ProblemAsync(own.Door.GetAsync("/api/v1/bursts"), ProblemTypes.Unavailable);
    }
}
