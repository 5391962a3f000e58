using System.CommandLine;
using System.Globalization;

namespace Svom.Simulation;

/// <summary><c>play SCENARIO.json</c>: plays facts of one burst into a running platform.</summary>
internal static class PlayCommand
{
    public static Command Make()
    {
        var common = new CommandOptions();
        var scenario = new Argument<string>("scenario") { Description = $"A scenario file, or one that is built in: {string.Join(", ", BundledScenarios.Names)}" };
        var speed = Speed();
        var at = new Option<string>("--at") { Description = "now shifts all times by one offset; original keeps them", DefaultValueFactory = static _ => "now" };
        at.AcceptOnlyFromAmong("now", "original");
        var asReal = new Option<bool>("--as-real") { Description = "Play without a session, as if it were real: loopback only" };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same receptions", DefaultValueFactory = static _ => 1 };
        var loss = CommandOptions.Probability("--loss", "Share of receptions that never arrive");
        var duplicate = CommandOptions.Probability("--duplicate", "Share that arrives twice");
        var corrupt = CommandOptions.Probability("--corrupt", "Share with flipped bits");
        var bitErrors = CommandOptions.Probability("--bit-errors", "Share of wrong bits in every reception, each station's by itself");
        var late = CommandOptions.Probability("--late", "Share that arrives minutes late");
        var shuffle = new Option<bool>("--shuffle") { Description = "Neighbours arrive in any order" };
        var command = new Command("play", "Plays a scenario into a running platform and prints a JSON summary") { scenario, speed, at, asReal, seed, loss, duplicate, corrupt, bitErrors, late, shuffle };
        common.AddTo(command);
        command.SetAction((parsed, cancellationToken) => common.RunAsync(parsed, async platform =>
        {
            var real = parsed.GetValue(asReal);
            if (real && !parsed.GetValue(common.To)!.IsLoopback)
            {
                throw new PlatformException("--as-real is refused towards an address that is not loopback: a rehearsal must never look real to others.");
            }

            var faults = new NetworkFaults(
                parsed.GetValue(seed), parsed.GetValue(loss), parsed.GetValue(duplicate), parsed.GetValue(corrupt), parsed.GetValue(late), parsed.GetValue(shuffle),
                parsed.GetValue(bitErrors));
            var options = new PlayOptions(
                parsed.GetValue(speed), parsed.GetValue(at) == "original" ? PlayAt.Original : PlayAt.Now, real ? null : ScenarioPlayer.FreshSession(), faults);
            var read = ScenarioReader.Read(await ReadAsync(parsed.GetValue(scenario)!, cancellationToken));
            var summary = await new ScenarioPlayer(platform, TimeProvider.System).PlayAsync(read, options, new ProgressLines(), cancellationToken);
            return (summary, summary.Accepted + summary.Duplicates == summary.Sent);
        }));
        return command;
    }

    private static Option<double> Speed() => new("--speed")
    {
        Description = "Times faster than life, or max",
        DefaultValueFactory = static _ => 1,
        CustomParser = static result =>
        {
            var text = result.Tokens.Single().Value;
            if (text == "max")
            {
                return double.PositiveInfinity;
            }

            if (double.TryParse(text, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and <= 1_000_000)
            {
                return speed;
            }

            result.AddError("--speed must be a number above 0, or max");
            return 1;
        },
    };

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string nameOrPath, CancellationToken cancellationToken) =>
        !File.Exists(nameOrPath) && BundledScenarios.Find(Path.GetFileNameWithoutExtension(nameOrPath)) is { } bundled
            ? bundled
            : await File.ReadAllBytesAsync(nameOrPath, cancellationToken);

    // Told at once, in order, beside the summary on standard output.
    private sealed class ProgressLines : IProgress<PlayProgress>
    {
        public void Report(PlayProgress value) => Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{value.MissionTime.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {value.Text}"));
    }
}
