using System.Text;
using CsCheck;
using Svom.Support;
using Svom.VoEvent;

namespace Svom.Unit.Bursts;

public sealed class VoEventReaderTests
{
    [Fact]
    public void VOEvents_of_every_mission_are_read() =>
        Assert.All(Directory.GetFiles(Samples.Require("other-voevent"), "*.xml", SearchOption.AllDirectories), static path =>
        {
            using var stream = File.OpenRead(path);
            Assert.True(VoEventReader.TryRead(stream, out var document), path);
            Assert.StartsWith("ivo://", document!.Ivorn, StringComparison.Ordinal);
        });

    [Fact]
    public void What_we_write_we_read()
    {
        var notice = new BurstDesk().Hear(InventedBursts.Alert(quality: 255))["eclairs-wakeup"];
        var written = Svom.Bursts.NoticeVoEvent.Document(notice.Facts, new());
        Assert.True(Read(notice.Xml, out var read));
        Assert.Equivalent(written, read, strict: true);
    }

    [Fact]
    public void Entities_and_foreign_documents_are_refused()
    {
        Assert.False(Read("<!DOCTYPE a [<!ENTITY b 'c'>]><VOEvent>&b;</VOEvent>", out _));
        Assert.False(Read("<html/>", out _));
        Assert.False(Read("", out _));
        Assert.False(Read($"<VOEvent>{new string(' ', 2_000_000)}</VOEvent>", out _));
    }

    [Fact]
    public void A_damaged_document_is_read_or_refused_and_never_throws()
    {
        var whole = Encoding.UTF8.GetBytes(new BurstDesk().Hear(InventedBursts.Grm())["grm-trigger"].Xml);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Array[1, 8].Sample(wounds =>
        {
            var broken = whole.ToArray();
            foreach (var (at, octet, _) in wounds)
            {
                broken[at] = octet;
            }

            using var stream = new MemoryStream(broken, 0, wounds[0].Item3);
            VoEventReader.TryRead(stream, out _);
        });
    }

    private static bool Read(string text, out VoEventDocument? document)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return VoEventReader.TryRead(stream, out document);
    }
}
