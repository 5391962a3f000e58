using Svom.Bursts;

namespace Svom.Support;

/// <summary>Evidence of a burst that never was, to be varied.</summary>
public static class InventedBursts
{
    public static readonly DateTimeOffset T0 = new(2026, 3, 1, 4, 13, 25, 589, TimeSpan.Zero);
    public static readonly Pointing Attitude = new(169.79, 21.32, 52.76);
    public static readonly OrbitPlace Orbit = new(12.5, -7, 618);

    public const uint Observation = 77;

    public static EclairsAlert Alert(int count = 0, double snr = 12.5, int quality = 128, bool slew = false, double after = 14, int catalog = 0) => new(
        Observation, count, At(after), T0, T0.AddSeconds(-7.63), 20.48m, 8, 120, TriggerAlgorithm.IMT, snr, 189.9811, -17.7676, quality, catalog, slew, Attitude, Orbit);

    public static SlewAnswer Answer(bool accepted, double after = 60) => new(Observation, At(after), accepted);

    public static GrmTrigger Grm(string detectors = "111", double t0After = -3, double snr = 12.4) => new(
        5, At(t0After + 1), T0.AddSeconds(t0After), T0.AddSeconds(t0After - 1), 1.0m, 8.539406m, 17.078812m, snr, detectors,
        detectors == "111" ? new(190.2, -17.1) : null, Attitude, Orbit);

    public static MxtPosition Mxt(double radius = 106.4, int snr = 120, double after = 320, int source = 1) => new(
        Observation, At(after), T0.AddSeconds(after - 10), source, 189.97, -17.76, snr, radius, 5.6, 1.1, true, false, Attitude, null);

    /// <summary>On-board packet time: whole seconds.</summary>
    public static DateTimeOffset At(double after) => new DateTimeOffset(2026, 3, 1, 4, 13, 25, TimeSpan.Zero).AddSeconds(Math.Floor(after));

    public static BurstAct Act(BurstActKind kind, DateTimeOffset? at = null, string? key = null, bool accept = true, string[]? notices = null) =>
        new(kind, "advocate", "as seen on the screen", at, accept, kind is BurstActKind.Classify ? "grb" : null, notices is null ? null : [.. notices], key);
}

/// <summary>A burst fed by hand: each packet is heard one second after it was sent, the watermark trails by two.</summary>
public sealed class BurstDesk(string id = "sb26030101")
{
    private long position;

    public BurstOptions Options { get; } = new();

    public BurstState State { get; private set; } = new(id);

    public List<BurstRecord> Records { get; } = [];

    public Decision Last { get; private set; } = null!;

    public IReadOnlyList<NoticeMade> Notices => [.. Records.OfType<NoticeMade>()];

    public NoticeMade this[string name] => Notices.Single(n => n.Id.EndsWith("_" + name, StringComparison.Ordinal));

    /// <summary>Notices as <c>name:sent</c> or <c>name:held</c>, in order of making.</summary>
    public string Ladder => string.Join(' ', Notices.Select(static n => $"{NoticeTypes.Name(n.Type, n.Quality)}:{(n.Sent ? "sent" : "held")}"));

    public BurstDesk Hear(params Evidence[] evidence)
    {
        foreach (var one in evidence)
        {
            Hear(one, one.PacketTime.AddSeconds(-2));
        }

        return this;
    }

    public BurstDesk Hear(Evidence evidence, DateTimeOffset watermark)
    {
        var heard = evidence.PacketTime.AddSeconds(1);
        var mark = State.Watermark > watermark ? State.Watermark.Value : watermark;
        return Decide(new PacketsHeard([new(++position, evidence, mark, "T1", heard, heard, heard)]), heard);
    }

    public BurstDesk Reach(DateTimeOffset watermark) => Decide(new WatermarkReached(watermark), watermark);

    public BurstDesk Act(BurstAct act, int? alert = null) => Decide(new ActReceived(act, alert), State.Updated ?? InventedBursts.T0);

    public BurstDesk Decide(BurstInput input, DateTimeOffset now)
    {
        Last = BurstRules.Decide(State, input, new(now, Options));
        State = Last.After;
        Records.AddRange(Last.Records);
        return this;
    }
}
