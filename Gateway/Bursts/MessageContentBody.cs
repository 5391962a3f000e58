using System.Collections.Immutable;
using Svom.Packets;
using Svom.Packets.Messages;

namespace Svom.Bursts;

/// <summary>A message with its content as far as it is here: null stands for what is missing. One of the four contents is set.</summary>
/// <param name="Message">Where it stands.</param>
/// <param name="LightCurve">Of a light curve.</param>
/// <param name="Image">Of a sub-image or a 1-bit image.</param>
/// <param name="Sources">Of a source list.</param>
/// <param name="Descriptor">Of an alert descriptor.</param>
internal sealed record MessageContentBody(
    MessageBody Message, LightCurveBody? LightCurve = null, ImageBody? Image = null, SourceListBody? Sources = null, DescriptorBody? Descriptor = null)
{
    public static MessageContentBody Of(string burst, PacketKind kind, BurstMessageParts parts)
    {
        var message = MessageBody.Of(burst, parts.Message);
        return AssembledMessage.Of(kind, parts.Payloads) switch
        {
            AssembledLightCurve curve => new(message, LightCurve: LightCurveBody.Of(curve)),
            AssembledSubImage image => new(message, Image: ImageBody.Of(image)),
            AssembledBitImage image => new(message, Image: ImageBody.Of(image)),
            AssembledSourceList list => new(message, Sources: SourceListBody.Of(list)),
            AssembledDescriptor descriptor => new(message, Descriptor: DescriptorBody.Of(descriptor.Packet)),
            _ => new(message),
        };
    }
}

/// <param name="LowKev">Lower edge, keV.</param>
/// <param name="HighKev">Upper edge, keV.</param>
internal sealed record BandBody(double LowKev, double HighKev)
{
    public static BandBody? Of(EnergyBand? band) => band is null ? null : new(band.LowKev, band.HighKev);
}

/// <summary>Counts in bands and bins of equal length.</summary>
/// <param name="T0">Of the GRM trigger; null for ECLAIRs.</param>
/// <param name="Start">Start of the first bin.</param>
/// <param name="BinSeconds">Length of a bin.</param>
/// <param name="Detectors">Which of GRD1 to GRD3 are counted in, for example 101; null for ECLAIRs.</param>
/// <param name="Bands">Energy bands.</param>
/// <param name="Counts">By band, then bin; null for a bin that is missing; 65535 stands for more.</param>
internal sealed record LightCurveBody(
    DateTimeOffset? T0, DateTimeOffset Start, double BinSeconds, string? Detectors, ImmutableArray<BandBody> Bands, ImmutableArray<ImmutableArray<int?>> Counts)
{
    public static LightCurveBody Of(AssembledLightCurve curve) => new(
        curve.Packet.T0, curve.Packet.Start, curve.Packet.BinSeconds ?? 0, curve.Packet.Detectors, [.. curve.Bands.Select(static band => BandBody.Of(band)!)], curve.Counts);
}

/// <summary>An image as rows of pixels.</summary>
/// <param name="At">Start of the window or the exposure.</param>
/// <param name="Seconds">Length of the window or the exposure.</param>
/// <param name="Band">Energy band of ECLAIRs; null for VT.</param>
/// <param name="Filter">R0 to R3 or B0 to B3 of VT; null for ECLAIRs.</param>
/// <param name="Unit">sigma: excess of a pixel over its noise; lit: 1 where there is light above the noise, else 0.</param>
/// <param name="FirstColumn">Of the sky image or the detector, at which each row begins.</param>
/// <param name="FirstRow">Of the sky image or the detector.</param>
/// <param name="Rows">Pixels by row, then column; null for one that is missing.</param>
internal sealed record ImageBody(
    DateTimeOffset At, double Seconds, BandBody? Band, string? Filter, string Unit, int FirstColumn, int FirstRow, ImmutableArray<ImmutableArray<double?>> Rows)
{
    public static ImageBody Of(AssembledSubImage image) => new(
        image.Packet.WindowStart, image.Packet.TimescaleSeconds ?? 0, BandBody.Of(image.Packet.Band), null, "sigma", image.Packet.FirstY, image.Packet.FirstZ, image.Rows);

    public static ImageBody Of(AssembledBitImage image) => new(
        image.Packet.ExposureStart, image.Packet.ExposureSeconds, null, image.Packet.Band, "lit", image.Packet.FirstX, image.Packet.FirstY,
        [.. image.Rows.Select(static row => row.Select(static lit => lit is { } known ? known ? 1.0 : 0.0 : (double?)null).ToImmutableArray())]);
}

/// <summary>Sources that VT found on board.</summary>
/// <param name="ExposureStart">Start of the exposure.</param>
/// <param name="ExposureSeconds">Its length.</param>
/// <param name="Filter">R0 to R3 or B0 to B3.</param>
/// <param name="Expected">Sources of the whole list.</param>
/// <param name="Items">Those that are here.</param>
internal sealed record SourceListBody(DateTimeOffset ExposureStart, double ExposureSeconds, string? Filter, int Expected, ImmutableArray<SourceBody> Items)
{
    public static SourceListBody Of(AssembledSourceList list) => new(
        list.Packet.ExposureStart, list.Packet.ExposureSeconds, list.Packet.Band, list.Packet.Sources,
        [.. list.Sources.Select(static one => new SourceBody(
            one.Number, one.Source.X, one.Source.Y, Math.Round(one.Place.Ra, 6), Math.Round(one.Place.Dec, 6), one.Source.Magnitude))]);
}

/// <param name="Number">Place in the list, from 1.</param>
/// <param name="X">Column, pixels.</param>
/// <param name="Y">Row, pixels.</param>
/// <param name="Ra">Right ascension from place and pointing, degrees, ICRS.</param>
/// <param name="Dec">Declination, degrees.</param>
/// <param name="Magnitude">As measured on board.</param>
internal sealed record SourceBody(int Number, double X, double Y, double Ra, double Dec, double Magnitude);

/// <summary>What triggered ECLAIRs, and what else the trigger saw.</summary>
/// <param name="Alert">Message count of the alert described.</param>
/// <param name="WindowStart">Start of its window.</param>
/// <param name="Seconds">Length of its window.</param>
/// <param name="Trigger">CRT or IMT.</param>
/// <param name="Band">Energy band.</param>
/// <param name="Snr">Of the alert.</param>
/// <param name="AlertThreshold">SNR above which an excess is told.</param>
/// <param name="SlewThreshold">SNR above which the platform is asked to slew.</param>
/// <param name="CatalogId">Number in the on-board catalogue; 0 for an unknown source.</param>
/// <param name="ActivePixels">Detector pixels in use.</param>
/// <param name="EarthSharePercent">Share of the field that the earth hides.</param>
/// <param name="BandSnr">Best SNR in 5-8, 8-20, 20-50 and 50-120 keV.</param>
/// <param name="Candidates">Further excesses.</param>
internal sealed record DescriptorBody(
    int Alert, DateTimeOffset WindowStart, double Seconds, string? Trigger, BandBody? Band, double Snr, double AlertThreshold, double SlewThreshold, int CatalogId,
    int ActivePixels, double EarthSharePercent, ImmutableArray<double> BandSnr, ImmutableArray<CandidateBody> Candidates)
{
    public static DescriptorBody Of(EclairsDescriptorPacket packet) => new(
        packet.MessageCount, packet.WindowStart, packet.TimescaleSeconds ?? 0, packet.Trigger, BandBody.Of(packet.Band), packet.Snr, packet.AlertThreshold, packet.SlewThreshold,
        packet.CatalogId, packet.ActivePixels, Math.Round(packet.EarthSharePercent, 1), packet.BandSnr,
        [.. packet.Candidates.Select(static one => new CandidateBody(Math.Round(one.Direction.Theta, 3), Math.Round(one.Direction.Phi, 3), one.Snr))]);
}

/// <param name="Theta">Angle from the boresight, degrees.</param>
/// <param name="Phi">Angle around the boresight, degrees.</param>
/// <param name="Snr">Signal to noise.</param>
internal sealed record CandidateBody(double Theta, double Phi, double Snr);
