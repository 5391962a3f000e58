using System.Globalization;
using Svom.Hosting;
using Svom.Packets;
using Svom.Support.Hostile;

namespace Svom.Hostile;

/// <summary>
/// Mutated inputs of every kind into a platform in a process of its own. <c>SVOM_FUZZ_INPUTS</c> is how many of each, <c>SVOM_FUZZ_KINDS</c> which (frames json grpc mqtt),
/// <c>SVOM_FUZZ_MINUTES</c> the longest that one kind may take, <c>SVOM_SEED</c> repeats a run. Whatever must not happen ends the measurement with what it was.
/// </summary>
internal static class HostileInput
{
    private const long Standard = 1_000_000;

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        var inputs = Number("SVOM_FUZZ_INPUTS", Standard);
        var seed = Number("SVOM_SEED", 20_260_421);
        var kinds = Environment.GetEnvironmentVariable("SVOM_FUZZ_KINDS") is { Length: > 0 } named
            ? named.Split(' ', ',').Select(static kind => Enum.Parse<HostileKind>(kind, ignoreCase: true)).ToArray() : Enum.GetValues<HostileKind>();
        AttackPace.Most = TimeSpan.FromMinutes(Number("SVOM_FUZZ_MINUTES", 24 * 60));
        var folder = Directory.CreateTempSubdirectory("svom-bench-").FullName;
        try
        {
            var faults = new List<string>();
            IReadOnlyList<HostileStage> stages;
            long stored, first;
            await using (var process = await PlatformProcess.StartAsync(folder, cancellationToken))
            {
                using var platform = new AttackedPlatform(process.HttpPort, process.GrpcPort, process.MqttPort, process.Token, process.ProcessId, () => process.Errors);
                var campaign = new HostileCampaign(platform, seed, static line => Console.Error.WriteLine(line));
                stages = await campaign.RunAsync(kinds, inputs, cancellationToken);
                (stored, first) = ((long)await platform.StoredAsync(cancellationToken), campaign.LiveAtFirst);
            }

            faults.AddRange(stages.SelectMany(static stage => stage.Tally.Faults));
            if (await StoredOnDisk.CountAsync(folder, cancellationToken) is var onDisk && onDisk != stored)
            {
                faults.Add($"{stored} receptions counted as stored, {onDisk} on the disk");
            }

            return faults.Count == 0
                ? [.. stages.Skip(kinds.Length).SelectMany(stage => Figures(stage, seed)), Figure("fuzz.kept", (stages[^1].Live - first) / 1e6, "MB", $"managed memory alive after all stages ({stages[^1].Live / 1e6:F1} MB) beyond that after a fiftieth of each ({first / 1e6:F1} MB)")]
                : throw new InvalidOperationException("Hostile input was not borne:\n" + string.Join('\n', faults));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<BenchmarkFigure> Figures(HostileStage stage, long seed)
    {
        var name = $"fuzz.{stage.Tally.Kind.ToString().ToLowerInvariant()}";
        var done = string.Create(CultureInfo.InvariantCulture, $"{stage.Tally.Inputs} inputs of seed {seed}; {PlatformProcess.Form}; answers: {stage.Tally.Answers}");
        return
        [
            Figure($"{name}.rate", stage.Tally.Rate, "inputs/s", done),
            Figure($"{name}.peak", stage.Peak / 1e6, "MB", "resident, sampled each second"),
            Figure($"{name}.after", stage.After / 1e6, "MB", "resident, after it"),
            Figure($"{name}.alive", stage.Live / 1e6, "MB", "managed memory that a full collection left"),
        ];
    }

    private static BenchmarkFigure Figure(string name, double value, string unit, string done) => new(name, value, unit, done, InventedTraffic.Durability);

    private static long Number(string variable, long standard) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var given) ? given : standard;
}
