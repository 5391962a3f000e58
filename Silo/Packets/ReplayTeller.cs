using System.Globalization;

namespace Svom.Packets;

/// <summary>Says on the error stream how far a paced replay is, a line each ten seconds at most, so that the report alone stands in the output.</summary>
internal sealed class ReplayTeller(TextWriter lines, TimeProvider time) : IProgress<ReplayProgress>
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(10);
    private long? told;

    public void Report(ReplayProgress value)
    {
        if (value.At is not { } at || (told is { } last && time.GetElapsedTime(last) < Each))
        {
            return;
        }

        told = time.GetTimestamp();
        lines.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: {value.Packets} packets, position {value.Position} of {value.Head}"));
    }
}
