using System.Text;
using System.Text.Json;
using Svom.Bursts;
using Svom.Notifications;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Support;

namespace Svom.Cluster.Bursts;

/// <summary>From a reception to the telescopes, inside one silo with the real stores.</summary>
public sealed class FirstLightTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_GRM_trigger_heard_by_three_stations_is_one_notice_at_the_telescopes()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var frame = Frames.Grm();
        var answer = await IngestAsync(silo, Frames.Heard(frame), Frames.Heard(frame, "REU1"), Frames.Heard(frame, "GUF1"));
        Assert.Equal((3, 0, 0), (answer.Accepted, answer.Duplicates, answer.Invalid));

        var alert = await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/grm/grm-trigger");
        using var envelope = JsonDocument.Parse(alert.Payload);
        Assert.Equal("sb26030101", envelope.RootElement.GetProperty("burst").GetString());
        Assert.Equal("initial", envelope.RootElement.GetProperty("alertType").GetString());

        var notice = (await Archive(silo).GetAsync("sb26030101_grm-trigger", default)).Value!;
        Assert.Equal("sent", notice.State);
        var xml = (await Archive(silo).ContentAsync(notice.Id, NoticeForm.VoEvent, default)).Value!;
        Assert.Contains("ivo://org.svom/fsc#sb26030101_grm-trigger", Encoding.UTF8.GetString(xml.Bytes.Span), StringComparison.Ordinal);
        Assert.Single(silo.Transport.Published, static message => message.Topic.StartsWith("svom/v1/alerts/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_receptions_again_store_nothing_and_say_nothing()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await IngestAsync(silo, Frames.Heard(Frames.Grm()));
        await silo.Transport.UntilAsync(static message => message.Topic.StartsWith("svom/v1/alerts/", StringComparison.Ordinal));

        var again = await IngestAsync(silo, Frames.Heard(Frames.Grm()), Frames.Heard(Frames.Grm(), "REU1"));

        Assert.Equal((1, 1, 0), (again.Accepted, again.Duplicates, again.Invalid));
        Assert.Equal(2, again.LastSequence);
    }

    [Fact]
    public async Task Of_two_acts_on_one_version_one_is_refused_and_a_repeat_is_not()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await IngestAsync(silo, Frames.Heard(Frames.Grm()));
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/bursts/sb26030101/state");
        var burst = silo.Grains.GetGrain<IBurstGrain>("sb26030101");
        var version = (await burst.GetAsync(default)).Value!.Version;

        var acts = await Task.WhenAll(((string[])["a", "b"]).Select(key => burst.ActAsync(Acknowledge(key, version), default)));
        Assert.Equal(RefusalCode.Conflict, Assert.Single(acts, static act => act.Refusal is not null).Refusal!.Code);

        // The answer was lost on its way: the same request again is no conflict with itself.
        var taken = acts[0].Refusal is null ? "a" : "b";
        var again = await burst.ActAsync(Acknowledge(taken, version), default);
        Assert.Null(again.Refusal);
        Assert.Equal(version + 1, again.Value!.Burst.Version);
        Assert.Equal(RefusalCode.Conflict, (await burst.ActAsync(Acknowledge("c", version) with { Preview = true }, default)).Refusal!.Code);

        static BurstAct Acknowledge(string key, long version) => new(BurstActKind.Acknowledge, "advocate", "on shift", IdempotencyKey: key, IfVersion: version);
    }

    [Fact]
    public async Task After_a_restart_the_burst_goes_on_where_it_was()
    {
        await using (var silo = await SiloHost.StartAsync(folder.Path))
        {
            await IngestAsync(silo, Frames.Heard(Frames.Grm()));
            // The burst's state goes out once its alert is confirmed: stopped between the two, the platform would rightly repeat the alert.
            await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/bursts/sb26030101/state");
        }

        await using var restarted = await SiloHost.StartAsync(folder.Path);
        await IngestAsync(restarted, Frames.Heard(Frames.Alert(4711, 0, 12.5)));
        var wakeup = await restarted.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/eclairs/eclairs-wakeup");

        using var envelope = JsonDocument.Parse(wakeup.Payload);
        Assert.Equal("sb26030101", envelope.RootElement.GetProperty("burst").GetString());
        Assert.Equal("update", envelope.RootElement.GetProperty("alertType").GetString());
        Assert.Equal(2, envelope.RootElement.GetProperty("burstSequence").GetInt32());
        Assert.DoesNotContain(restarted.Transport.Published, static message => message.Topic == "svom/v1/alerts/grm/grm-trigger");
        Assert.Contains(restarted.Transport.Published, static message => message is { Topic: "svom/v1/bursts/sb26030101/state", Retain: true });
    }

    [Fact]
    public async Task A_rehearsal_is_a_feed_of_its_own_and_never_looks_real()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await IngestAsync(silo, Frames.Heard(Frames.Grm(), session: "drill-1"));
        var first = await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/test/alerts/grm/grm-trigger");
        await IngestAsync(silo, Frames.Heard(Frames.Grm(), session: "drill-2"));
        var second = await silo.Transport.UntilAsync(message => message.Topic == first.Topic && !message.Payload.Span.SequenceEqual(first.Payload.Span));

        Assert.Contains("\"tense\":\"test\"", Encoding.UTF8.GetString(first.Payload.Span), StringComparison.Ordinal);
        Assert.Equal("tb26030101", BurstOf(first));
        Assert.Equal("tb26030102", BurstOf(second));
        Assert.DoesNotContain(silo.Transport.Published, static message => !message.Topic.StartsWith("svom/v1/test/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expert_validates_at_a_mission_time_and_retracts_later()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await IngestAsync(silo, Frames.Heard(Frames.Alert(4711, 0, 12.5, quality: 128)));
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/bursts/sb26030101/state");
        var burst = silo.Grains.GetGrain<IBurstGrain>("sb26030101");
        var validation = new BurstAct(BurstActKind.Validate, "expert", "bright and alone", Frames.T0.AddSeconds(40), IdempotencyKey: "v1");

        Assert.True((await burst.ActAsync(validation, default)).Value!.Pending);
        Assert.True((await burst.ActAsync(validation, default)).Accepted);
        // Mission time comes by packets: two, since one alone does not move a clock that far.
        await IngestAsync(silo, [.. Enumerable.Range(1, 4).Select(static n => Frames.Heard(Frames.Alert(4711, n, 10, quality: 128, sequenceCount: n)))]);
        await IngestAsync(silo, [.. Enumerable.Range(26, 4).Select(static n => Frames.Heard(Frames.Alert(4711, n, 9, quality: 128, sequenceCount: n)))]);
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/eclairs/eclairs-wakeup");

        var retraction = await burst.ActAsync(new(BurstActKind.Retract, "advocate", "a particle event"), default);
        Assert.Equal(["retraction"], retraction.Value!.Made.Select(static notice => notice.Type));
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/eclairs/retraction");
        Assert.Equal(BurstStatus.Retracted, (await burst.GetAsync(default)).Value!.Status);
    }

    private static INoticeArchiveGrain Archive(SiloHost silo) => silo.Grains.GetGrain<INoticeArchiveGrain>(0);

    private static string? BurstOf(Publication message)
    {
        using var envelope = JsonDocument.Parse(message.Payload);
        return envelope.RootElement.GetProperty("burst").GetString();
    }

    private static async Task<IngestAnswer> IngestAsync(SiloHost silo, params Reception[] receptions) =>
        (await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. receptions]), default)).Value!;
}
