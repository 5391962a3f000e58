using CsCheck;
using Svom.Notifications;
using Svom.Packets;

namespace Svom.Monitoring;

public sealed class TraceIdTests
{
    [Fact] // Property: who has the id of a packet has its trace.
    public void The_trace_of_a_packet_is_found_by_the_packets_id() => Gen.Select(Gen.ULong[1, ulong.MaxValue], Gen.ULong[1, ulong.MaxValue]).Sample(static (high, low) =>
    {
        var packet = new PacketId(high, low);
        var trace = Traces.OfPacket(packet);
        return trace.TraceId.ToHexString() == packet.ToString() && trace.SpanId != default;
    });

    [Fact]
    public void The_trace_of_a_notice_is_found_by_the_id_of_its_envelope()
    {
        const string Ivorn = "ivo://org.svom/fsc#sb26051101_eclairs-wakeup";
        Assert.Equal(Envelope.IdOf(Ivorn).ToString("N"), Traces.OfNotice(Ivorn).TraceId.ToHexString());
    }
}
