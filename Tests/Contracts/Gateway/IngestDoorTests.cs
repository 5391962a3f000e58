using System.IO.Compression;
using System.Text;
using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Contracts.Gateway;

public sealed class IngestDoorTests(Door door) : IClassFixture<Door>
{
    private const string Call = "/api/v1/packets";
    private const string One = """{"station":"KOU","receivedAt":"2026-03-01T04:13:43.1239Z","octets":"AQID","signalDbm":-112.5,"session":"drill"}""";

    [Theory]
    [InlineData("application/json", "[" + One + "," + One + "]")]
    [InlineData("application/json; charset=utf-8", "[" + One + "," + One + "]")]
    [InlineData("application/x-ndjson", One + "\n\n" + One + "\r\n")]
    public async Task Receptions_come_in_as_json(string type, string body)
    {
        await using var own = new OwnDoor();
        var answer = await Door.JsonAsync((await own.OpenAsync()).PostAsync(Call, Encoding.UTF8.GetBytes(body), type), 200);

        Assert.Equal("""{"accepted":2,"duplicates":0,"invalid":0,"firstSequence":1,"lastSequence":2}""", answer.GetRawText());
        Assert.All(own.Door.Platform.Received, static reception =>
        {
            Assert.Equal("KOU", reception.Station);
            Assert.Equal(new DateTimeOffset(2026, 3, 1, 4, 13, 43, 123, TimeSpan.Zero), reception.ReceivedAt);
            Assert.Equal([1, 2, 3], reception.Octets.ToArray());
            Assert.Equal(-112.5, reception.SignalDbm);
            Assert.Equal("drill", reception.Session);
        });
    }

    [Fact]
    public async Task A_gzipped_binary_batch_comes_in()
    {
        var body = Gzip(ReceptionBodies.Binary([new("KOU", Platform.Time, new byte[] { 9 }), new("HBK", Platform.Time, new byte[] { 8 }, -1.5, "drill")]));
        var answer = await Door.JsonAsync(door.PostAsync(Call, body, "application/vnd.svom.receptions", headers: ("Content-Encoding", "gzip")), 200);
        Assert.Equal(2, answer.GetProperty("accepted").GetInt32());
    }

    [Theory]
    [InlineData("application/json", "[]")]
    [InlineData("application/x-ndjson", "")]
    [InlineData("application/vnd.svom.receptions", "")]
    public async Task An_empty_batch_is_all_zeros(string type, string body)
    {
        var answer = await Door.JsonAsync(door.PostAsync(Call, Encoding.UTF8.GetBytes(body), type), 200);
        Assert.Equal("""{"accepted":0,"duplicates":0,"invalid":0,"firstSequence":null,"lastSequence":null}""", answer.GetRawText());
    }

    [Theory]
    [InlineData("application/json", "[" + One + ",{\"station\":\"KOU\"}]", 1)]
    [InlineData("application/json", "[" + One + "," + One, 2)]
    [InlineData("application/json", "{}", 0)]
    [InlineData("application/json", "", 0)]
    [InlineData("application/x-ndjson", One + "\n\n" + One + "\n{\"sigalDbm\":1}", 2)]
    [InlineData("application/vnd.svom.receptions", "abc", 0)]
    public async Task An_element_that_is_no_reception_refuses_all_with_its_index(string type, string body, int index)
    {
        await using var own = new OwnDoor();
        var problem = await Door.ProblemAsync((await own.OpenAsync()).PostAsync(Call, Encoding.UTF8.GetBytes(body), type), ProblemTypes.UnparsableReception);
        Assert.Equal(index, problem.GetProperty("index").GetInt32());
        Assert.Empty(own.Door.Platform.Received);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("text/plain", null)]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("application/json", "br")]
    [InlineData("application/json", "gzip, gzip")]
    public async Task Other_media_types_and_encodings_are_refused(string? type, string? encoding) =>
        await Door.ProblemAsync(
            door.PostAsync(Call, "[]"u8.ToArray(), type, headers: encoding is null ? [] : [("Content-Encoding", encoding)]), ProblemTypes.UnsupportedMediaType);

    [Fact]
    public async Task A_gzip_bomb_is_too_large() =>
        await Door.ProblemAsync(
            door.PostAsync(Call, Gzip(new byte[64 * 1024 * 1024]), "application/json", headers: ("Content-Encoding", "gzip")), ProblemTypes.TooLarge);

    [Fact]
    public async Task A_body_above_the_limit_is_too_large()
    {
        await using var own = new OwnDoor(("Svom:Gateway:MaxBatchOctets", "65536"));
        await own.OpenAsync();
        await Door.ProblemAsync(own.Door.PostAsync(Call, new byte[70_000], "application/json"), ProblemTypes.TooLarge);
    }

    [Fact]
    public async Task More_receptions_than_the_limit_are_too_large()
    {
        await using var own = new OwnDoor(("Svom:Gateway:MaxBatchReceptions", "2"));
        await own.OpenAsync();
        await Door.ProblemAsync(own.Door.PostJsonAsync(Call, $"[{One},{One},{One}]"), ProblemTypes.TooLarge);
        Assert.Empty(own.Door.Platform.Received);
    }

    [Fact] // A lost end must not look like a shorter batch.
    public async Task Every_cut_of_a_gzipped_batch_is_refused()
    {
        var whole = Gzip(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Repeat(One, 50))));
        await using var own = new OwnDoor();
        await own.OpenAsync();
        for (var length = 1; length < whole.Length; length++)
        {
            using var answer = await own.Door.PostAsync(Call, whole[..length], "application/x-ndjson", headers: ("Content-Encoding", "gzip"));
            Assert.True((int)answer.StatusCode == 400, $"The first {length} of {whole.Length} octets gave {(int)answer.StatusCode}.");
        }

        Assert.Empty(own.Door.Platform.Received);
    }

    [Fact]
    public async Task Overload_says_when_to_come_back()
    {
        await using var own = new OwnDoor();
        await own.OpenAsync();
        own.Door.Platform.Refuse = new(RefusalCode.Overloaded, "The queue is full.");
        using var answer = await own.Door.PostJsonAsync(Call, $"[{One}]");
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        await Door.ProblemAsync(Task.FromResult(answer), ProblemTypes.Overloaded);
    }

    private static byte[] Gzip(byte[] octets)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(octets);
        }

        return packed.ToArray();
    }
}

/// <summary>A door of a test's own, with settings of its own.</summary>
public sealed class OwnDoor(params (string Name, string Value)[] settings) : IAsyncDisposable
{
    public Door Door { get; } = new() { Settings = settings.ToDictionary(static pair => pair.Name, static pair => (string?)pair.Value) };

    public async Task<Door> OpenAsync()
    {
        await Door.InitializeAsync();
        return Door;
    }

    public ValueTask DisposeAsync() => Door.DisposeAsync();
}
