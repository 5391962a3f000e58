using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Svom.Simulation;
using Svom.Support;

namespace Svom.EndToEnd.Packets;

/// <summary>A station that has nothing but curl delivers a burst; a reader who has nothing but curl checks the notices.</summary>
[Collection(PlatformCollection.Name)]
public sealed class CurlTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string curl = Tool.Require("curl", "curl");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Receptions_in_every_form_are_taken_once_and_notices_are_read_octet_by_octet()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        PlannedReception[] receptions = [.. ScenarioPlan.Make(PlayedPlatform.Bundled("eclairs-alone"), new()).Events.OfType<PlannedReception>()];
        (string Type, bool Gzip, Func<PlannedReception[], byte[]> Write)[] forms =
        [
            ("application/json", false, Json), ("application/x-ndjson", false, Lines), ("application/json", true, Json), ("application/x-ndjson", true, Lines),
            (ReceptionBatch.ContentType, false, Binary), (ReceptionBatch.ContentType, true, Binary),
        ];
        var parts = receptions.Chunk((receptions.Length + forms.Length - 1) / forms.Length).ToList();
        foreach (var (form, part) in forms.Zip(parts))
        {
            Assert.Equal((part.Length, 0, 0), await PostAsync(platform, form, part));
        }

        // The same again, each in another form than before: known, whatever it is wrapped in.
        foreach (var (form, part) in forms.Reverse().Zip(parts))
        {
            Assert.Equal((0, part.Length, 0), await PostAsync(platform, form, part));
        }

        var notices = await platform.Archive.AtRestAsync(static notices => notices.Any(static notice => notice.Kind == "eclairs-wakeup"));
        Assert.Contains(notices, static notice => notice is { Kind: "eclairs-wakeup", State: "sent" });
        foreach (var notice in notices)
        {
            await ReadAsync(platform, notice, ".xml");
            await ReadAsync(platform, notice, ".json");
        }
    }

    [Fact]
    public async Task Nothing_is_taken_without_a_token_or_with_one_bad_element()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        PlannedReception[] receptions = [.. ScenarioPlan.Make(PlayedPlatform.Bundled("eclairs-alone"), new()).Events.OfType<PlannedReception>().Take(3)];
        var (status, _) = await CurlAsync(["--data-binary", "@" + Save(Json(receptions)), "-H", "Content-Type: application/json", $"{platform.Address}/api/v1/packets"]);
        Assert.Equal(401, status);

        var (refused, body) = await CurlAsync(
            ["--data-binary", "@" + Save([.. Lines(receptions), .. "{\"station\":\"X\"}\n"u8]), "-H", "Content-Type: application/x-ndjson", "-H", $"Authorization: Bearer {platform.Token}", $"{platform.Address}/api/v1/packets"]);
        Assert.Equal(400, refused);
        Assert.Contains("3", body, StringComparison.Ordinal);
        Assert.Equal((3, 0, 0), await PostAsync(platform, ("application/json", false, Json), receptions));
    }

    [Fact]
    public async Task A_reader_of_events_that_was_away_goes_on_after_the_last_one_it_saw()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        await platform.PlayAsync(PlayedPlatform.Bundled("eclairs-alone"), session: "events");
        var notices = await platform.Archive.AtRestAsync(static notices => notices.Any(static notice => notice.Kind == "eclairs-wakeup"));
        Assert.True(notices.Length > 1);

        var all = await EventsAsync(platform, "0", notices.Length);
        Assert.Equal(notices.Select(static notice => notice.Sequence), all);
        foreach (var last in all.SkipLast(1))
        {
            Assert.Equal(all.Where(id => id > last), await EventsAsync(platform, last.ToString(CultureInfo.InvariantCulture), notices.Count(notice => notice.Sequence > last)));
        }
    }

    /// <summary>Ids of notices told after one; curl is cut off once there are as many as there must be.</summary>
    private async Task<List<long>> EventsAsync(PlayedPlatform platform, string after, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        using var reader = Tool.Start(curl, ["--silent", "--no-buffer", "-H", $"Last-Event-ID: {after}", $"{platform.Address}/api/v1/events?topic=test/notices"]);
        try
        {
            var ids = new List<long>();
            while (ids.Count < count && await reader.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("id:", StringComparison.Ordinal))
                {
                    ids.Add(long.Parse(line[3..], CultureInfo.InvariantCulture));
                }
            }

            return ids;
        }
        finally
        {
            reader.Kill();
            await reader.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task<(int Accepted, int Duplicates, int Invalid)> PostAsync(
        PlayedPlatform platform, (string Type, bool Gzip, Func<PlannedReception[], byte[]> Write) form, PlannedReception[] receptions)
    {
        var file = Save(form.Gzip ? Zipped(form.Write(receptions)) : form.Write(receptions));
        var (status, body) = await CurlAsync(
        [
            "--data-binary", "@" + file, "-H", $"Content-Type: {form.Type}", .. form.Gzip ? ["-H", "Content-Encoding: gzip"] : Array.Empty<string>(),
            "-H", $"Authorization: Bearer {platform.Token}", $"{platform.Address}/api/v1/packets",
        ]);
        Assert.True(status == 200, body);
        using var sum = JsonDocument.Parse(body);
        return (sum.RootElement.GetProperty("accepted").GetInt32(), sum.RootElement.GetProperty("duplicates").GetInt32(), sum.RootElement.GetProperty("invalid").GetInt32());
    }

    private async Task ReadAsync(PlayedPlatform platform, SeenNotice notice, string suffix)
    {
        var address = $"{platform.Address}/api/v1/notices/{notice.Id}{suffix}";
        var (file, headers) = (Path.Combine(folder.Path, "read"), Path.Combine(folder.Path, "headers"));
        Assert.Equal(200, (await CurlAsync(["-D", headers, address], file)).Status);
        var bytes = await File.ReadAllBytesAsync(file);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"";

        Assert.Contains($"ETag: {tag}", await File.ReadAllLinesAsync(headers));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}"), await File.ReadAllLinesAsync(headers));
        Assert.Equal((304, ""), await CurlAsync(["-H", $"If-None-Match: {tag}", address]));
        Assert.Equal(200, (await CurlAsync(["-H", "If-None-Match: \"another\"", address])).Status);
        Assert.Equal(206, (await CurlAsync(["-r", "10-19", address], file)).Status);
        Assert.Equal(bytes[10..20], await File.ReadAllBytesAsync(file));
    }

    private async Task<(int Status, string Body)> CurlAsync(IEnumerable<string> arguments, string? into = null)
    {
        var file = into ?? Path.Combine(folder.Path, "answer");
        File.Delete(file);
        var (exit, status, errors) = await Tool.RunAsync(curl, ["--silent", "--show-error", "--max-time", "30", "--output", file, "--write-out", "%{http_code}", .. arguments]);
        Assert.True(exit == 0, errors);
        return (int.Parse(status, CultureInfo.InvariantCulture), into is null && File.Exists(file) ? await File.ReadAllTextAsync(file) : "");
    }

    private string Save(byte[] body)
    {
        var file = Path.Combine(folder.Path, "body");
        File.WriteAllBytes(file, body);
        return file;
    }

    private static byte[] Json(PlannedReception[] receptions) => JsonSerializer.SerializeToUtf8Bytes(receptions.Select(Element));

    private static byte[] Lines(PlannedReception[] receptions) =>
        [.. receptions.SelectMany(static reception => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(Element(reception)), (byte)'\n'])];

    private static byte[] Binary(PlannedReception[] receptions)
    {
        var batch = new ReceptionBatch();
        foreach (var reception in receptions)
        {
            batch.Add(reception.Station, reception.ReceivedAt, reception.Octets.Span, reception.SignalDbm, session: null);
        }

        return batch.Octets.ToArray();
    }

    private static object Element(PlannedReception reception) =>
        new { station = reception.Station, receivedAt = reception.ReceivedAt.UtcDateTime, octets = Convert.ToBase64String(reception.Octets.Span), signalDbm = reception.SignalDbm };

    private static byte[] Zipped(byte[] body)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return zipped.ToArray();
    }
}
