using System.Text;
using System.Text.Json;
using Svom.Bursts;
using Svom.Notifications;
using Svom.Support;

namespace Svom.Unit.Notifications;

public sealed class EnvelopeTests
{
    private static readonly DateTimeOffset Decided = new(2026, 3, 1, 4, 13, 45, 120, TimeSpan.Zero);

    [Fact] // Golden: the stored file is what telescopes parse.
    public void An_envelope_is_written_as_subscribers_know_it() =>
        GoldenFile.Matches("envelope.json", Encoding.UTF8.GetString(Envelope.Write(Notice(), 42, Decided.AddMilliseconds(3.5), "http://127.0.0.1:8080")) + "\n");

    [Fact]
    public void The_id_is_the_same_for_every_repeat_and_another_for_every_notice()
    {
        Assert.Equal(Envelope.IdOf("ivo://org.svom/fsc#sb26030101_slewing"), Envelope.IdOf("ivo://org.svom/fsc#sb26030101_slewing"));
        Assert.NotEqual(Envelope.IdOf("ivo://org.svom/fsc#sb26030101_slewing"), Envelope.IdOf("ivo://org.svom/fsc#sb26030101_not-slewing"));
        Assert.Equal(8, Envelope.IdOf("ivo://org.svom/fsc#sb26030101_slewing").Version);
    }

    [Fact]
    public void A_step_of_the_ledger_counts_from_the_last_one_that_is_known()
    {
        var latency = Envelope.Latency(new(null, Decided.AddSeconds(-20), null, Decided.AddMilliseconds(-4), null, Decided), Decided.AddMilliseconds(2), null);
        Assert.Equal(new(null, null, 19_996, null, 4, 2, null), latency);
    }

    [Fact]
    public void An_envelope_never_outgrows_what_subscribers_were_promised()
    {
        var chatty = Notice() with { AlertType = "retraction", Reason = new string('x', 5_000) };
        Assert.InRange(Envelope.Write(chatty, 42, Decided, "http://127.0.0.1:8080").Length, 1, Envelope.MaxOctets);
        Assert.Throws<InvalidDataException>(() => Envelope.Write(Notice() with { Json = Encoding.UTF8.GetBytes($"\"{new string('x', 9_000)}\"") }, 42, Decided, "http://127.0.0.1:8080"));
    }

    [Fact]
    public void An_archived_notice_reads_back_octet_by_octet()
    {
        var written = Notice().Write();
        Assert.Equal(written, ArchivedNotice.Read(written).Write());
        using var json = JsonDocument.Parse(written);
        Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
    }

    private static ArchivedNotice Notice() => new(
        "sb26030101_mxt-initial_qf2", "sb26030101", null, 3, "mxt-initial", 2, "N2m", "MXT", true, null, "ivo://org.svom/fsc#sb26030101_mxt-initial_qf2",
        "update", null, ["sb26030101_grm-trigger", "sb26030101_eclairs-wakeup"], ["sb26030101_eclairs-wakeup"], ["mxt"], Encoding.UTF8.GetBytes("<xml/>"),
        Encoding.UTF8.GetBytes("""{"mission":"SVOM"}"""), new string('a', 64), new string('b', 64),
        new NoticeTimes(Decided.AddSeconds(-30), Decided.AddSeconds(-20), Decided.AddSeconds(-1), Decided.AddMilliseconds(-4), Decided.AddMilliseconds(-2), Decided));
}
