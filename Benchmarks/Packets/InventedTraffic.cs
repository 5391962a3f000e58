using Svom.Sky;

namespace Svom.Packets;

/// <summary>
/// What a station network delivers, invented: recurrent packets, and now and then the packets of a burst, each heard by some
/// stations. The same numbers give the same octets.
/// </summary>
internal static class InventedTraffic
{
    /// <summary>Packets between two beginnings of a burst.</summary>
    public const int PacketsPerBurst = 2_000;

    /// <summary>A burst's own packets: a GRM trigger, sixteen alerts, the slew, two MXT positions.</summary>
    public const int PacketsOfBurst = 20;

    /// <summary>Durability that every figure of a whole platform has.</summary>
    public const string Durability = "SQLite WAL, synchronous=FULL in both files: answered after fsync; envelope fsynced before it goes out";

    private const uint Variance = 1_000_000;
    private const double Root = 1_000;
    private static readonly SatelliteState Satellite = new(new GeodeticPosition(12.5, -7.0, 618.0), AttitudeQuaternion.FromAttitude(new(169.79, 21.32, 52.76)));
    private static readonly InstrumentDirection Direction = Satellite.Attitude.ToInstrument(new(189.9811, -17.7676));
    private static readonly string[] Stations = ["NCL1", "REU1", "GUF1"];

    /// <summary>Receptions of packets first, first + 1, …; the copies of a packet follow each other, as they arrive.</summary>
    /// <param name="start">Mission time of packet 0; ten packets a second.</param>
    public static IEnumerable<Reception> Receptions(DateTimeOffset start, int packets, int copies, string? session)
    {
        for (var n = 0; n < packets; n++)
        {
            var (frame, at) = (Frame(start, n), At(start, n));
            for (var copy = 0; copy < copies; copy++)
            {
                yield return new(Stations[copy], at.AddMilliseconds(1_500 + (40 * copy)), frame, -110 + copy, session);
            }
        }
    }

    /// <summary>A recurrent packet that differs from every other by its fine time.</summary>
    public static byte[] Recurrent(DateTimeOffset at, int sequenceCount) => new EclairsRecurrentPacket(
        0, at, EclairsRecurrentPacket.Observing, 6_320, [420, 890, 760, 510], [418, 893, 755, 508], 2.5, -20, 6.5, 8.0, Satellite).ToFrame(sequenceCount, at);

    /// <summary>A GRM trigger that makes a notice.</summary>
    public static byte[] Grm(DateTimeOffset t0, int sequenceCount) =>
        new GrmTriggerPacket(Observation(t0), 0, t0, t0.AddSeconds(-1), 1.0, new(8.539406, 17.078812), 10_790, 10_000, "111", Direction, Satellite)
            .ToFrame(sequenceCount, t0.AddSeconds(1));

    private static DateTimeOffset At(DateTimeOffset start, int n) => start.AddMilliseconds(100d * n);

    private static byte[] Frame(DateTimeOffset start, int n)
    {
        var place = n % PacketsPerBurst;
        return place < PacketsOfBurst ? OfBurst(At(start, n - place), At(start, n), place, n) : Recurrent(At(start, n), n);
    }

    private static byte[] OfBurst(DateTimeOffset t0, DateTimeOffset at, int place, int n) => place switch
    {
        0 => Grm(t0, n),
        17 => new EclairsSlewStatusPacket(Observation(t0), EclairsSlewStatusPacket.Accepted, at, Satellite.Attitude, Satellite).ToFrame(n, at),
        > 17 => new MxtPositionPacket(
            Observation(t0), place - 18, 1, at, new(0.1, 30), Satellite.Attitude, 100 + place, 130 - (3 * place), null, true, false, Satellite).ToFrame(n, at),
        _ => new EclairsAlertPacket(
            Observation(t0), place - 1, t0, at.AddSeconds(-5), place > 8, Direction, 0, (uint)((6 + (0.5 * place)) * Root), Variance, 255, "IMT", 20.48, new(8, 120), Satellite)
            .ToFrame(n, at),
    };

    private static uint Observation(DateTimeOffset t0) => (uint)(t0.ToUnixTimeSeconds() & 0x7FFF_FFFF);
}
