using System.CommandLine;

namespace Svom.Simulation;

/// <summary><c>load --rate N --seconds S</c>: a bounded packet load.</summary>
internal static class LoadCommand
{
    public static Command Make()
    {
        var common = new CommandOptions();
        var rate = new Option<int>("--rate") { Description = "Receptions a second", Required = true };
        var seconds = new Option<int>("--seconds") { Description = "How long", Required = true };
        rate.Validators.Add(result => Within(result, rate, 1, 1_000_000));
        seconds.Validators.Add(result => Within(result, seconds, 1, 86_400));
        var command = new Command("load", "Sends recurrent packets at a steady rate in a rehearsal of its own and prints a JSON summary") { rate, seconds };
        common.AddTo(command);
        command.SetAction((parsed, cancellationToken) => common.RunAsync(parsed, async platform =>
        {
            var summary = await new PacketLoad(platform, TimeProvider.System).RunAsync(parsed.GetValue(rate), parsed.GetValue(seconds), cancellationToken);
            return (summary, summary.Complete);
        }));
        return command;
    }

    private static void Within(System.CommandLine.Parsing.OptionResult result, Option<int> option, int least, int most)
    {
        if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
        {
            result.AddError($"{option.Name} must be from {least} to {most}");
        }
    }
}
