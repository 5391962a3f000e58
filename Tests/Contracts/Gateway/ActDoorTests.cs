using Svom.Bursts;
using Svom.Outcomes;

namespace Svom.Contracts.Gateway;

public sealed class ActDoorTests(Door door) : IClassFixture<Door>
{
    private const string Burst = "/api/v1/bursts/sb26042105";

    [Fact]
    public async Task Acts_reach_the_burst_under_the_name_behind_the_token()
    {
        await using var own = new OwnDoor();
        var open = await own.OpenAsync();
        await Door.JsonAsync(open.PostJsonAsync($"{Burst}/validate", """{"verdict":"reject","reason":"noise","at":"2026-03-01T05:00:00Z"}""", Platform.TokenOf("advocate"), ("Idempotency-Key", "k1"), ("If-Match", "\"7\"")), 200);
        await Door.JsonAsync(open.PostJsonAsync($"{Burst}/acknowledge", """{"reason":"on shift"}""", headers: ("If-Match", "*")), 200);
        await Door.JsonAsync(open.PostJsonAsync($"{Burst}/classify?preview=false", """{"class":"known-source","reason":"GX 340-00"}"""), 200);
        await Door.JsonAsync(open.PostJsonAsync($"{Burst}/retract", """{"reason":"particles","notices":["grm-trigger"]}"""), 200);

        var acts = own.Door.Platform.Acts;
        Assert.Equal(
            new BurstAct(BurstActKind.Validate, "holder-of-advocate", "noise", new DateTimeOffset(2026, 3, 1, 5, 0, 0, TimeSpan.Zero), Accept: false, IdempotencyKey: "k1", IfVersion: 7), acts[0]);
        Assert.Equal(new BurstAct(BurstActKind.Acknowledge, "operator", "on shift"), acts[1]);
        Assert.Equal(new BurstAct(BurstActKind.Classify, "operator", "GX 340-00", Class: "known-source"), acts[2]);
        Assert.Equal(["grm-trigger"], acts[3].Notices!.Value);
    }

    [Fact]
    public async Task A_preview_shows_the_bytes_and_a_done_act_where_they_are()
    {
        var preview = await Door.JsonAsync(door.PostJsonAsync($"{Burst}/retract?preview=true", """{"reason":"particles"}"""), 200);
        Assert.True(preview.GetProperty("preview").GetBoolean());
        Assert.Equal("<?xml version='1.0'?><voe:VOEvent/>", preview.GetProperty("made")[0].GetProperty("xml").GetString());

        var done = await Door.JsonAsync(door.PostJsonAsync($"{Burst}/retract", """{"reason":"particles"}"""), 200);
        Assert.Equal($"/api/v1/notices/{Platform.Notice}", done.GetProperty("made")[0].GetProperty("href").GetString());
        Assert.Contains(door.Platform.Acts, static act => act.Preview);
    }

    [Theory]
    [InlineData("validate", "{}")]
    [InlineData("validate", "")]
    [InlineData("validate", "null")]
    [InlineData("validate", "[1]")]
    [InlineData("validate", """{"verdict":"accept","reason":"x","verdit":1}""")]
    [InlineData("validate", """{"verdict":"accept","reason":"x","reason":"y"}""")]
    [InlineData("validate", """{"verdict":"accept","reason":null}""")]
    [InlineData("validate", """{"verdict":"accept","reason":"x","at":"yesterday"}""")]
    [InlineData("classify", """{"class":1,"reason":"x"}""")]
    [InlineData("retract", """{"reason":"x","notices":"grm-trigger"}""")]
    [InlineData("acknowledge", """{"reason":"x"} {}""")]
    [InlineData("validate", """{"verdict":"accept","reason":"x","alert":"3"}""")]
    public async Task A_body_that_is_not_the_acts_is_refused(string act, string body) =>
        await Door.ProblemAsync(door.PostJsonAsync($"{Burst}/{act}", body), ProblemTypes.Malformed);

    [Theory]
    [InlineData("validate", """{"verdict":"maybe","reason":"x"}""")]
    [InlineData("validate", """{"verdict":"accept","reason":" "}""")]
    [InlineData("classify", """{"class":"GRB","reason":"x"}""")]
    [InlineData("retract", """{"reason":"x","notices":[]}""")]
    [InlineData("retract", """{"reason":"x","notices":[null]}""")]
    public async Task An_act_that_breaks_a_rule_is_refused(string act, string body) =>
        await Door.ProblemAsync(door.PostJsonAsync($"{Burst}/{act}", body), ProblemTypes.Invalid);

    [Fact]
    public async Task A_long_reason_is_refused_and_a_long_body_is_too_large()
    {
        await Door.ProblemAsync(door.PostJsonAsync($"{Burst}/acknowledge", $$"""{"reason":"{{new string('x', 1001)}}"}"""), ProblemTypes.Invalid);
        await Door.ProblemAsync(door.PostJsonAsync($"{Burst}/acknowledge", $$"""{"reason":"{{new string('x', 100_000)}}"}"""), ProblemTypes.TooLarge);
    }

    [Fact]
    public async Task Versions_and_keys_are_honoured()
    {
        const string Body = """{"reason":"on shift"}""";
        await Door.ProblemAsync(door.PostJsonAsync($"{Burst}/acknowledge", Body, headers: ("If-Match", "\"6\"")), ProblemTypes.PreconditionFailed);
        await Door.ProblemAsync(door.PostJsonAsync($"{Burst}/acknowledge", Body, headers: ("If-Match", "W/\"7\"")), ProblemTypes.Malformed);
        await Door.ProblemAsync(door.PostJsonAsync($"{Burst}/acknowledge", Body, headers: ("If-Match", "\"\"")), ProblemTypes.Malformed);
        await Door.ProblemAsync(door.PostJsonAsync($"{Burst}/acknowledge", Body, headers: ("Idempotency-Key", "reused")), ProblemTypes.KeyReused);
        await Door.ProblemAsync(door.PostJsonAsync($"{Burst}/acknowledge", Body, headers: ("Idempotency-Key", new string('k', 129))), ProblemTypes.Malformed);
        await Door.ProblemAsync(door.PostJsonAsync("/api/v1/bursts/sb99999999/acknowledge", Body), ProblemTypes.NotFound);
        await Door.ProblemAsync(door.PostAsync($"{Burst}/acknowledge", "reason=x"u8.ToArray(), "application/x-www-form-urlencoded"), ProblemTypes.UnsupportedMediaType);
        await Door.ProblemAsync(door.PostJsonAsync($"{Burst}/acknowledge?preview=1", Body), ProblemTypes.InvalidParameter);
    }

    [Fact]
    public async Task Tokens_are_made_told_once_and_withdrawn()
    {
        using var made = await door.PostJsonAsync("/api/v1/tokens", """{"name":"KOU","roles":["station","station"]}""");
        Assert.Equal("/api/v1/tokens/KOU", made.Headers.Location?.OriginalString);
        Assert.True(made.Headers.CacheControl?.NoStore);
        Assert.Equal("""{"name":"KOU","roles":["station"],"token":"fresh"}""", (await Door.JsonAsync(Task.FromResult(made), 201)).GetRawText());

        await Door.ProblemAsync(door.PostJsonAsync("/api/v1/tokens", """{"name":"taken","roles":["station"]}"""), ProblemTypes.Conflict);
        await Door.ProblemAsync(door.PostJsonAsync("/api/v1/tokens", """{"name":"KOU","roles":["king"]}"""), ProblemTypes.Invalid);
        await Door.ProblemAsync(door.PostJsonAsync("/api/v1/tokens", """{"name":"KOU","roles":[]}"""), ProblemTypes.Invalid);
        await Door.ProblemAsync(door.PostJsonAsync("/api/v1/tokens", """{"name":"KOU"}"""), ProblemTypes.Malformed);

        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/tokens/KOU");
        request.Headers.Authorization = new("Bearer", Door.OperatorToken);
        using var gone = await door.Client.SendAsync(request);
        Assert.Equal(204, (int)gone.StatusCode);
    }

    [Fact]
    public async Task A_caller_can_ask_who_it_is()
    {
        Assert.Equal("""{"name":null,"roles":[]}""", (await Door.JsonAsync(door.GetAsync("/api/v1/access"), 200)).GetRawText());
        Assert.Equal("""{"name":"operator","roles":["operator"]}""", (await Door.JsonAsync(door.GetAsync("/api/v1/access", ("Authorization", $"bearer {Door.OperatorToken}")), 200)).GetRawText());
    }
}
