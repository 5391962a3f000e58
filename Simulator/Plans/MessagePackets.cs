using System.Collections.Immutable;
using Svom.Packets;
using Svom.Packets.Messages;
using Svom.Sky;

namespace Svom.Simulation;

/// <summary>
/// The messages of several packets that a burst brings: light curves, descriptors, sub-image, and after a slew VT's lists and image. Their
/// noise comes from the scenario's seed, so the same scenario tells the same.
/// </summary>
internal static class MessagePackets
{
    // Lower goes first: what tells most about the burst.
    private const int DescriptorRank = 1;
    private const int GrmRank = 2;
    private const int HighRank = 3;
    private const int ImageRank = 4;
    private const int VtListRank = 5;
    private const int DetectorRank = 6;
    private const int VtImageRank = 7;
    private const int LowRank = 8;

    private const int ImageSide = 13;
    private const int VtSide = 64;
    private const double VtExposureSeconds = 300;

    // Counts a second in each band without a burst: of one GRM detector, and as the recurrent messages tell of ECLAIRs.
    private static readonly double[] GrmBackground = [140, 210, 260];
    private static readonly double[] EclairsBackground = [420, 890, 760, 510];

    /// <summary>All parts, in no order.</summary>
    public static IEnumerable<WaitingPacket> Of(Scenario scenario)
    {
        if (scenario.Curves is not { } curves)
        {
            return [];
        }

        var noise = new Noise(curves.Seed);
        var packets = new List<WaitingPacket>();
        if (curves.Grm && scenario.Grm is { } grm)
        {
            packets.AddRange(Grm(scenario, grm, noise));
        }

        if (curves.Eclairs && scenario.Eclairs is { Alerts.Count: > 0 } eclairs)
        {
            packets.AddRange(Eclairs(scenario, eclairs, noise));
            if (eclairs.Slew is { Accepted: true } slew)
            {
                packets.AddRange(Vt(scenario, eclairs, slew, noise));
            }
        }

        return packets;
    }

    private static IEnumerable<WaitingPacket> Grm(Scenario scenario, GrmFact fact, Noise noise)
    {
        var id = ObservationIds.Grm(scenario);
        var known = Later(fact.Sending.OnAir, fact.T0.AddSeconds(31));
        var fired = Enumerable.Range(1, 3).Where(detector => fact.Detectors[detector - 1] == '1').ToArray();
        var sum = Curve(PacketKind.GrmLightCurve, id, 0, fact.T0, -10, 0.5, 80, fact.Snr, [.. GrmBackground.Select(rate => rate * fired.Length)], fact.Detectors, noise);
        var single = fired.SelectMany(detector => Curve(
            PacketKind.GrmLightCurve, id, detector, fact.T0, -10, 1, 40, fact.Snr / Math.Sqrt(fired.Length), GrmBackground, string.Concat(Enumerable.Range(1, 3).Select(n => n == detector ? '1' : '0')), noise));
        return [.. sum.Select(part => Waiting(known, GrmRank, part)), .. single.Select(part => Waiting(known, DetectorRank, part))];
    }

    private static IEnumerable<WaitingPacket> Eclairs(Scenario scenario, EclairsFact fact, Noise noise)
    {
        var id = ObservationIds.Eclairs(scenario);
        var first = fact.Alerts.Min(static alert => alert.Sending.OnAir);
        var best = fact.Alerts.MaxBy(static alert => alert.Snr)!;
        foreach (var (alert, n) in fact.Alerts.OrderBy(static alert => alert.Sending.OnAir).Select(static (alert, n) => (alert, n)).Take(MessagePartHeader.MaxNumber + 1))
        {
            yield return new(alert.Sending.OnAir.AddSeconds(2), DescriptorRank, PacketKind.EclairsDescriptor, Descriptor(id, n, n + (fact.Preliminary ? 0 : 1), alert, noise).ToFrame);
        }

        foreach (var part in Curve(PacketKind.EclairsLightCurveHigh, id, 0, fact.T0, -16, 1, 64, best.Snr, EclairsBackground, null, noise))
        {
            yield return Waiting(Later(first, fact.T0.AddSeconds(49)), HighRank, part);
        }

        foreach (var part in SubImage(id, best, noise))
        {
            yield return new(best.Sending.OnAir.AddSeconds(4), ImageRank, PacketKind.EclairsSubImage, part.ToFrame);
        }

        foreach (var part in Curve(PacketKind.EclairsLightCurveLow, id, 0, fact.T0, -80, 4, 80, best.Snr, EclairsBackground, null, noise))
        {
            yield return Waiting(Later(first, fact.T0.AddSeconds(241)), LowRank, part);
        }
    }

    private static IEnumerable<WaitingPacket> Vt(Scenario scenario, EclairsFact fact, SlewFact slew, Noise noise)
    {
        var id = ObservationIds.Eclairs(scenario);
        var start = slew.At.AddSeconds(180);
        var known = start.AddSeconds(VtExposureSeconds + 5);
        var target = fact.Alerts.MaxBy(static alert => alert.Snr)!.Position;
        var pointing = AttitudeQuaternion.FromAttitude(slew.Attitude ?? new(target.Ra, target.Dec, scenario.Attitude.Roll));
        foreach (var (band, number, sources) in new[] { ("R0", 0, 31), ("B0", 1, 22) })
        {
            var parts = VtSourceListPacket.PartsOf(sources);
            VtSource[] found = [.. Enumerable.Range(0, sources).Select(_ => new VtSource(Sixteenth(noise.Between(0, 2048)), Sixteenth(noise.Between(0, 2048)), Math.Round(noise.Between(14, 22.5), 2)))];
            for (var part = 1; part <= parts; part++)
            {
                var held = found.Skip((part - 1) * VtSourceListPacket.SourcesPerPart).Take(VtSourceListPacket.SourcesPerPart).ToArray();
                var packet = new VtSourceListPacket(
                    new(PacketKind.VtSourceList, id, number, part, parts), start, VtExposureSeconds, band, sources, pointing,
                    [.. held, .. Enumerable.Repeat(new VtSource(0, 0, 0), VtSourceListPacket.SourcesPerPart - held.Length)]);
                yield return new(known, VtListRank, PacketKind.VtSourceList, packet.ToFrame);
            }
        }

        foreach (var part in BitImage(id, start, noise))
        {
            yield return new(known, VtImageRank, PacketKind.VtImage, part.ToFrame);
        }
    }

    // One pulse that rises fast and decays slowly, over a flat background.
    private static IEnumerable<LightCurvePacket> Curve(
        PacketKind kind, uint id, int number, DateTimeOffset t0, double startAfter, double binSeconds, int bins, double snr, double[] background, string? detectors, Noise noise)
    {
        var (perPart, parts) = (LightCurvePacket.BinsPerPart(kind), LightCurvePacket.PartsOf(kind, bins));
        int[][] counts = [.. background.Select(rate => Enumerable.Range(0, parts * perPart).Select(bin =>
            bin >= bins ? 0 : noise.Counts(binSeconds * (rate + (snr * Math.Sqrt(rate) * Pulse(startAfter + ((bin + 0.5) * binSeconds)))))).ToArray())];
        for (var part = 1; part <= parts; part++)
        {
            var from = (part - 1) * perPart;
            yield return new(
                new(kind, id, number, part, parts), kind is PacketKind.GrmLightCurve ? t0 : null, t0.AddSeconds(startAfter), binSeconds, bins, detectors,
                [.. counts.Select(band => band[from..(from + perPart)].ToImmutableArray())]);
        }
    }

    private static double Pulse(double after) => after < -3 ? 0 : after < 0 ? (after + 3) / 3 : Math.Exp(-after / 12);

    private static EclairsDescriptorPacket Descriptor(uint id, int number, int messageCount, AlertFact alert, Noise noise) => new(
        new(PacketKind.EclairsDescriptor, id, number, 1, 1), messageCount, alert.WindowStart, alert.Trigger, alert.TimescaleSeconds, alert.Band, alert.Snr, 6.5, 8.0,
        (uint)Math.Round(alert.Snr * 10_000), 100_000_000, alert.CatalogId, 6320, 20,
        [.. new[] { 0.4, 0.7, 0.6, 0.3 }.Select(share => Math.Round(Math.Min(share * alert.Snr, 600), 2))], [new(new(noise.Between(5, 40), noise.Between(0, 360)), Math.Round(noise.Between(4, 6), 2))]);

    private static IEnumerable<SubImagePacket> SubImage(uint id, AlertFact alert, Noise noise)
    {
        double[] snr = [.. Enumerable.Range(0, ImageSide * ImageSide).Select(pixel =>
        {
            var (row, column) = ((pixel / ImageSide) - (ImageSide / 2), (pixel % ImageSide) - (ImageSide / 2));
            return Math.Round(Math.Min(200, (alert.Snr * Math.Exp(-((row * row) + (column * column)) / 2.0)) + noise.Normal()), 1);
        })];
        var parts = SubImagePacket.PartsOf(ImageSide, ImageSide);
        return Enumerable.Range(1, parts).Select(part => new SubImagePacket(
            new(PacketKind.EclairsSubImage, id, 0, part, parts), alert.WindowStart, alert.TimescaleSeconds, alert.Band, 93, 93, ImageSide, ImageSide,
            [.. Piece(snr, part, SubImagePacket.PixelsPerPart)]));
    }

    private static IEnumerable<VtImagePacket> BitImage(uint id, DateTimeOffset start, Noise noise)
    {
        bool[] lit = [.. Enumerable.Range(0, VtSide * VtSide).Select(pixel =>
        {
            var (row, column) = ((pixel / VtSide) - (VtSide / 2), (pixel % VtSide) - (VtSide / 2));
            return (row * row) + (column * column) <= 6 || noise.Normal() > 2.6;
        })];
        var parts = VtImagePacket.PartsOf(VtSide, VtSide);
        return Enumerable.Range(1, parts).Select(part => new VtImagePacket(
            new(PacketKind.VtImage, id, 0, part, parts), start, VtExposureSeconds, "R0", VtSide, VtSide, 1024 - (VtSide / 2), 1024 - (VtSide / 2),
            [.. Piece(lit, part, VtImagePacket.PixelsPerPart)]));
    }

    private static IEnumerable<T> Piece<T>(T[] whole, int part, int size)
        where T : struct => Enumerable.Range((part - 1) * size, size).Select(n => n < whole.Length ? whole[n] : default);

    private static WaitingPacket Waiting(DateTimeOffset from, int rank, LightCurvePacket part) => new(from, rank, part.Header.Kind, part.ToFrame);

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static double Sixteenth(double pixels) => Math.Round(pixels * 16) / 16;

    /// <summary>Seeded chance.</summary>
    private sealed class Noise(int seed)
    {
        private readonly Random random = new(seed);

        public double Between(double low, double high) => low + ((high - low) * random.NextDouble());

        public double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        public int Counts(double expected) => (int)Math.Max(0, Math.Round(expected + (Math.Sqrt(expected) * Normal())));
    }
}
