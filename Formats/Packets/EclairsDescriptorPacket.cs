using System.Collections.Immutable;
using Svom.Packets.Messages;
using Svom.Sky;

namespace Svom.Packets;

/// <summary>A further excess in the image.</summary>
public sealed record ExcessCandidate(InstrumentDirection Direction, double Snr);

/// <summary>What triggered ECLAIRs, and what else the trigger saw. A message of one packet.</summary>
/// <param name="Header">Message and part.</param>
/// <param name="MessageCount">Of the alert described.</param>
/// <param name="WindowStart">Start of its window.</param>
/// <param name="Trigger">CRT or IMT; null for an unknown code.</param>
/// <param name="TimescaleSeconds">Length of the window; null for an unknown code.</param>
/// <param name="Band">Energy band; null for an unknown code.</param>
/// <param name="Snr">Of the alert, steps of 0.01.</param>
/// <param name="AlertThreshold">SNR above which an excess is told.</param>
/// <param name="SlewThreshold">SNR above which the platform is asked to slew.</param>
/// <param name="SkyCounts">Counts of the excess.</param>
/// <param name="SkyVariance">Variance of the sky image there.</param>
/// <param name="CatalogId">Number in the on-board catalogue; 0 for an unknown source.</param>
/// <param name="ActivePixels">Detector pixels in use, at most 6400.</param>
/// <param name="EarthSharePercent">Share of the field that the earth hides.</param>
/// <param name="BandSnr">Best SNR in each of the four bands.</param>
/// <param name="Candidates">Further excesses, at most four.</param>
public sealed record EclairsDescriptorPacket(
    MessagePartHeader Header, int MessageCount, DateTimeOffset WindowStart, string? Trigger, double? TimescaleSeconds, EnergyBand? Band, double Snr,
    double AlertThreshold, double SlewThreshold, uint SkyCounts, uint SkyVariance, int CatalogId, int ActivePixels, double EarthSharePercent,
    ImmutableArray<double> BandSnr, ImmutableArray<ExcessCandidate> Candidates)
{
    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.EclairsDescriptor];
    private static readonly FieldLayout MessageCountField = Layout["Desc_MsgCount"];
    private static readonly FieldLayout WindowStartField = Layout["Desc_TimeTbAbs"];
    private static readonly FieldLayout TriggerField = Layout["Desc_TriggerAlgorithm"];
    private static readonly FieldLayout TimescaleField = Layout["Desc_TriggerTimescale"];
    private static readonly FieldLayout BandField = Layout["Desc_TriggerBand"];
    private static readonly FieldLayout SnrField = Layout["Desc_Snr"];
    private static readonly FieldLayout AlertThresholdField = Layout["Desc_AlertThreshold"];
    private static readonly FieldLayout SlewThresholdField = Layout["Desc_SlewThreshold"];
    private static readonly FieldLayout SkyCountsField = Layout["Desc_SkyCnt"];
    private static readonly FieldLayout SkyVarianceField = Layout["Desc_SkyVar"];
    private static readonly FieldLayout CatalogIdField = Layout["Desc_CatSrcNum"];
    private static readonly FieldLayout ActivePixelsField = Layout["Desc_ActivePixels"];
    private static readonly FieldLayout EarthShareField = Layout["Desc_EarthShare"];
    private static readonly FieldLayout[] BandSnrFields = Layout.Repeated("Desc_BandSnr");
    private static readonly FieldLayout[] ThetaFields = Layout.Repeated("Desc_CandidateTheta");
    private static readonly FieldLayout[] PhiFields = Layout.Repeated("Desc_CandidatePhi");
    private static readonly FieldLayout[] CandidateSnrFields = Layout.Repeated("Desc_CandidateSnr");

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static EclairsDescriptorPacket From(DecodedPacket packet) => new(
        MessagePartHeader.Read(packet), (int)packet.Raw(MessageCountField), packet.Time(WindowStartField), packet.Code(TriggerField)?.Name,
        packet.Code(TimescaleField)?.Values?[0], packet.Code(BandField)?.Values is [var low, var high] ? new(low, high) : null, Sigma(packet, SnrField),
        Sigma(packet, AlertThresholdField), Sigma(packet, SlewThresholdField), (uint)packet.Raw(SkyCountsField), (uint)packet.Raw(SkyVarianceField),
        (int)packet.Raw(CatalogIdField), (int)packet.Raw(ActivePixelsField), packet.Number(EarthShareField), [.. BandSnrFields.Select(field => Sigma(packet, field))],
        [.. Enumerable.Range(0, CandidateSnrFields.Length).Where(n => packet.Raw(CandidateSnrFields[n]) > 0)
            .Select(n => new ExcessCandidate(new(packet.Number(ThetaFields[n]), packet.Number(PhiFields[n])), Sigma(packet, CandidateSnrFields[n])))]);

    /// <summary>Writes the frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var builder = MessageFields.Begin(Layout, Header)
            .Set(MessageCountField, (double)MessageCount).Set(WindowStartField, WindowStart).Set(TriggerField, TriggerField.FindCode(Trigger ?? string.Empty))
            .Set(TimescaleField, TimescaleField.FindCode(TimescaleSeconds ?? 0)).Set(BandField, BandField.FindCode(Band?.LowKev ?? 0, Band?.HighKev ?? 0))
            .SetSaturated(SnrField, Snr).Set(AlertThresholdField, AlertThreshold).Set(SlewThresholdField, SlewThreshold)
            .Set(SkyCountsField, (double)SkyCounts).Set(SkyVarianceField, (double)SkyVariance).Set(CatalogIdField, (double)CatalogId)
            .Set(ActivePixelsField, (double)ActivePixels).Set(EarthShareField, EarthSharePercent);
        for (var n = 0; n < BandSnrFields.Length; n++)
        {
            builder.SetSaturated(BandSnrFields[n], BandSnr[n]);
        }

        for (var n = 0; n < Math.Min(Candidates.Length, CandidateSnrFields.Length); n++)
        {
            builder.Set(ThetaFields[n], Candidates[n].Direction.Theta).Set(PhiFields[n], Candidates[n].Direction.Phi).SetSaturated(CandidateSnrFields[n], Candidates[n].Snr);
        }

        return builder.Build(sequenceCount, packetTime);
    }

    private static double Sigma(DecodedPacket packet, FieldLayout field) => Math.Round(packet.Number(field), 2);
}
