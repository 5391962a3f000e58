using System.Text;
using System.Text.Json;

namespace Svom.EndToEnd.Monitoring;

/// <summary>What a collector gets when one is set: the way of a packet and of a notice, each under the id that its papers have.</summary>
[Collection(PlatformCollection.Name)]
public sealed class CollectedTracesTests
{
    [Fact]
    public async Task A_packet_and_a_notice_are_traced_under_their_own_ids()
    {
        await using var collector = await Collector.StartAsync();
        var (packets, envelopes) = (new List<string>(), new List<Guid>());
        await using (var platform = await PlayedPlatform.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Svom:Telemetry:Otlp"] = collector.Address,
            ["Svom:Telemetry:OtlpProtocol"] = "HttpProtobuf",
            ["Logging:LogLevel:Svom.Bursts"] = "Information",
        }))
        {
            await platform.PlayAsync(PlayedPlatform.Bundled("sb26051101"), session: "traced");
            var notices = await platform.Archive.AtRestAsync(static notices => notices.Any(static notice => notice.Kind.StartsWith("mxt", StringComparison.Ordinal)));
            foreach (var notice in notices.Where(static notice => notice.State == "sent"))
            {
                using var envelope = JsonDocument.Parse(await platform.Archive.BytesAsync(notice.Id, ".envelope.json"));
                envelopes.Add(envelope.RootElement.GetProperty("id").GetGuid());
            }

            using var page = JsonDocument.Parse(await platform.Http.GetStringAsync(new Uri($"/api/v1/bursts/{notices[0].Burst}/packets?limit=1000", UriKind.Relative), TestContext.Current.CancellationToken));
            packets.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(static packet => packet.GetProperty("id").GetString()!));
        } // At its end it hands over what it still has.

        const string Traces = "/v1/traces";
        Assert.NotEmpty(packets);
        Assert.NotEmpty(envelopes);
        Assert.All(packets, packet => Assert.True(collector.Holds(Traces, Convert.FromHexString(packet)), $"Packet {packet} has no trace."));
        Assert.All(envelopes, envelope => Assert.True(collector.Holds(Traces, envelope.ToByteArray(bigEndian: true)), $"Notice {envelope} has no trace."));
        foreach (var step in (string[])["packets.ingest", "packet.receive", "packet.route", "burst.take", "notice.decide", "notice.publish"])
        {
            Assert.True(collector.Holds(Traces, Encoding.UTF8.GetBytes(step)), $"No {step}.");
        }

        Assert.True(collector.Holds("/v1/metrics", "svom.notices.made"u8));
        Assert.True(collector.Holds("/v1/logs", "was made, sent"u8));
        Assert.False(collector.Holds(Traces, "Authorization"u8));
    }
}
