namespace Svom.Packets.Recovery;

/// <summary>
/// How probable it is that a majority which passes the CRC is nevertheless wrong. A bit of the majority is wrong where most of the copies are; errors
/// of different stations are independent, so their number is Poisson with a mean that follows from the share of wrong bits. The CRC polynomial
/// holds the factor x + 1 and finds every odd number of wrong bits, and at our length every two; of four, six and more it misses one in 2^15.
/// Field ranges, spacecraft and application reduce what is left; they are not counted on.
/// </summary>
public static class PhantomRisk
{
    private const double Missed = 1.0 / (1 << 15);

    // A wrong majority hides as many errors as it has; four is the least that the CRC can miss.
    private const int HiddenErrors = 4;

    /// <summary>The probability for one vote.</summary>
    /// <param name="copies">Copies that voted; odd.</param>
    /// <param name="errors">Bits in which they differ from their majority, all together.</param>
    /// <param name="bits">Bits of the frame.</param>
    public static double Of(int copies, int errors, int bits)
    {
        var wrong = Math.Min(0.5, (errors + HiddenErrors) / ((double)copies * bits));
        var mean = bits * MajorityWrong(copies, wrong);
        return EvenFromFour(mean) * Missed;
    }

    /// <summary>Probability that most of the copies have one bit wrong.</summary>
    public static double MajorityWrong(int copies, double wrong)
    {
        var (sum, choose) = (0.0, 1.0);
        for (var n = 0; n <= copies; n++)
        {
            sum += n > copies / 2 ? choose * Math.Pow(wrong, n) * Math.Pow(1 - wrong, copies - n) : 0;
            choose = choose * (copies - n) / (n + 1);
        }

        return sum;
    }

    // Poisson: four, six, eight, … of a mean. By terms: the closed form loses all digits where it matters.
    private static double EvenFromFour(double mean)
    {
        var term = Math.Exp(-mean) * Math.Pow(mean, 4) / 24;
        var sum = 0.0;
        for (var n = 4; n < 400 && term > sum * 1e-12; n += 2)
        {
            sum += term;
            term *= mean * mean / ((n + 1) * (n + 2));
        }

        return Math.Min(1, sum);
    }
}
