using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom;

/// <summary>A figure as it is printed: with its machine, its time and how busy the machine was.</summary>
internal sealed record BenchmarkLine(
    string Name, double Value, string Unit, string Done, string Durability, IReadOnlyList<double> Runs, DateTimeOffset Date, BenchmarkMachine Machine, MachineLoad Load)
{
    public static BenchmarkLine Of(BenchmarkFigure figure, DateTimeOffset date, MachineLoad load) => new(
        figure.Name, Round(figure.Value), figure.Unit, figure.Done, figure.Durability, [.. figure.Runs.Select(Round)], date, BenchmarkMachine.This, load);

    public string Write() => JsonSerializer.Serialize(this, BenchmarkJson.Default.BenchmarkLine);

    // Four digits say more than a run can promise.
    private static double Round(double value) => value == 0 ? 0 : double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

/// <summary>Where it was measured.</summary>
internal sealed record BenchmarkMachine(int Cores, string Os, string Dotnet)
{
    /// <summary>Whether the runtime compiles our code, which has to be warmed up, or was it compiled before.</summary>
    public static string Form { get; } = File.Exists(Path.Combine(AppContext.BaseDirectory, "libcoreclr.so")) ? "published" : "as built";

    public static BenchmarkMachine This { get; } = new(Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);
}

/// <summary>Load averages of the last minute, before and after the measurement; null where the system does not tell them.</summary>
internal sealed record MachineLoad(double? Before, double? After)
{
    public static double? Now()
    {
        const string File = "/proc/loadavg";
        return System.IO.File.Exists(File) ? double.Parse(System.IO.File.ReadAllText(File).Split(' ')[0], CultureInfo.InvariantCulture) : null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchmarkLine))]
[JsonSerializable(typeof(Svom.Packets.SentReceptions))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
