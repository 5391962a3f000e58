using Svom.Packets;
using Svom.Packets.Messages;
using Svom.Sky;

namespace Svom.Bursts;

/// <summary>Turns a decoded packet into what it says about a burst, in engineering units. Pure; a code that no definition knows says nothing.</summary>
internal static class PacketEvidence
{
    /// <returns>Null for packets that belong to no burst, and for those whose codes are in no table.</returns>
    public static Evidence? From(DecodedPacket packet) => Read(packet) is { } evidence ? evidence with { Implausible = !packet.AllInRange } : null;

    /// <summary>Packets of these kinds tell of a burst whatever they hold: one whose codes are in no table must not pass unseen. MXT's has no such codes.</summary>
    public static bool TellsOfABurst(PacketKind kind) => kind is PacketKind.EclairsAlert or PacketKind.GrmTrigger || MessageKinds.Contains(kind);

    /// <summary>Why a packet that tells of a burst is no evidence.</summary>
    public static string WhyNot(DecodedPacket packet) => MessageKinds.Contains(packet.Kind) && MessageChecks.Fault(packet) is { } fault
        ? fault : $"A {packet.Kind} packet with a timescale, band or algorithm that is in no table.";

    private static Evidence? Read(DecodedPacket packet) => packet.Kind switch
    {
        PacketKind.EclairsAlert => Alert(EclairsAlertPacket.From(packet), packet.PacketTime),
        PacketKind.EclairsSlewStatus => Slew(EclairsSlewStatusPacket.From(packet), packet.PacketTime),
        PacketKind.GrmTrigger => Grm(GrmTriggerPacket.From(packet), packet.PacketTime),
        PacketKind.MxtPosition => Mxt(MxtPositionPacket.From(packet), packet.PacketTime),
        _ when MessageKinds.Contains(packet.Kind) => Part(packet),
        _ => null,
    };

    private static MessagePart? Part(DecodedPacket packet)
    {
        if (MessageChecks.Fault(packet) is not null)
        {
            return null;
        }

        var header = MessagePartHeader.Read(packet);
        var payload = packet.Payload;
        return new(
            MessageKinds.Name(packet.Kind), header.ObservationId, packet.PacketTime, header.Number, header.Part, header.Parts, Convert.ToBase64String(payload),
            Convert.ToBase64String(MessagePayload.Common(packet.Kind, payload)), packet.Kind is PacketKind.GrmLightCurve ? LightCurvePacket.From(packet).T0 : null, Window(packet));
    }

    private static DateTimeOffset? Window(DecodedPacket packet) => packet.Kind switch
    {
        PacketKind.EclairsLightCurveHigh or PacketKind.EclairsLightCurveLow => LightCurvePacket.From(packet).Start,
        PacketKind.EclairsDescriptor => EclairsDescriptorPacket.From(packet).WindowStart,
        PacketKind.EclairsSubImage => SubImagePacket.From(packet).WindowStart,
        _ => null,
    };

    private static EclairsAlert? Alert(EclairsAlertPacket alert, DateTimeOffset packetTime)
    {
        if (alert is not { Trigger: { } trigger, TimescaleSeconds: { } timescale, Band: { } band } || !Enum.TryParse<TriggerAlgorithm>(trigger, out var algorithm))
        {
            return null;
        }

        var place = alert.Position;
        return new(
            alert.ObservationId, alert.MessageCount, packetTime, alert.SequenceT0, alert.WindowStart, (decimal)timescale, (decimal)band.LowKev,
            (decimal)band.HighKev, algorithm, alert.Snr, place.Ra, place.Dec, alert.Quality, alert.CatalogId, alert.SlewRequest,
            Attitude(alert.Satellite), Orbit(alert.Satellite));
    }

    private static SlewAnswer? Slew(EclairsSlewStatusPacket answer, DateTimeOffset packetTime) =>
        answer.Status is EclairsSlewStatusPacket.Accepted or EclairsSlewStatusPacket.Rejected
            ? new(answer.ObservationId, packetTime, answer.Status is EclairsSlewStatusPacket.Accepted, Attitude(answer.Satellite))
            : null;

    private static GrmTrigger? Grm(GrmTriggerPacket trigger, DateTimeOffset packetTime) =>
        trigger is { TimescaleSeconds: { } timescale, Band: { } band }
            ? new(
                trigger.ObservationId, packetTime, trigger.T0, trigger.WindowStart, (decimal)timescale, (decimal)band.LowKev, (decimal)band.HighKev,
                trigger.Snr, trigger.Detectors, trigger.Position is { } place ? new(place.Ra, place.Dec) : null, Attitude(trigger.Satellite), Orbit(trigger.Satellite))
            : null;

    private static MxtPosition Mxt(MxtPositionPacket position, DateTimeOffset packetTime)
    {
        var place = position.Position;
        return new(
            position.ObservationId, packetTime, position.ObservedAt, position.SourceNumber, place.Ra, place.Dec, position.Snr,
            position.StatisticalRadiusArcsec, position.Flux?.Mean, position.Flux?.Error, position.WithinEclairsR90, position.UseVtAttitude,
            Attitude(position.Satellite), Orbit(position.Satellite));
    }

    private static Pointing Attitude(SatelliteState satellite)
    {
        var attitude = satellite.Attitude.ToAttitude();
        return new(attitude.Ra, attitude.Dec, attitude.Roll);
    }

    private static OrbitPlace? Orbit(SatelliteState satellite) =>
        satellite.Place is { } place ? new(place.Longitude, place.Latitude, place.AltitudeKm) : null;
}
