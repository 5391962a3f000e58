using CsCheck;
using Svom.Bursts;

namespace Svom.Support;

/// <summary>Random evidence of one burst, made to collide: few message counts, few SNRs, few times.</summary>
public static class EvidenceGen
{
    private static readonly Gen<Evidence> Alerts = Gen.Select(Gen.Int[0, 4], Gen.Int[8, 12], Gen.Int[0, 1], Gen.Bool, Gen.Int[10, 600],
        static (count, snr, quality, slew, after) => (Evidence)InventedBursts.Alert(count, snr, quality == 0 ? 128 : 255, slew, after));

    private static readonly Gen<Evidence> Answers = Gen.Select(Gen.Bool, Gen.Int[30, 40], static (accepted, after) => (Evidence)InventedBursts.Answer(accepted, after));

    private static readonly Gen<Evidence> Triggers = Gen.Select(Gen.OneOf(Gen.Const("010"), Gen.Const("011"), Gen.Const("110"), Gen.Const("111")), Gen.Int[-5, 0], Gen.Int[6, 8],
        static (detectors, t0, snr) => (Evidence)InventedBursts.Grm(detectors, t0, snr));

    private static readonly Gen<Evidence> Positions = Gen.Select(Gen.Int[10, 320], Gen.Int[2, 6], Gen.Int[300, 400], Gen.Int[0, 2],
        static (radius, snr, after, source) => (Evidence)InventedBursts.Mxt(radius, snr, after, source));

    public static readonly Gen<Evidence> One = Gen.Select(Gen.OneOf(Alerts, Answers, Triggers, Positions), Gen.Int[0, 4],
        static (evidence, chance) => evidence with { Implausible = chance == 0, Recovered = chance == 1 });

    public static readonly Gen<Evidence[]> Many = One.Array[1, 30];
}
