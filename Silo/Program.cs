using System.CommandLine;
using Svom.Demo;
using Svom.Hosting;

var data = new Option<string?>("--data") { Description = "Folder that holds everything; else SVOM_DATA, else data/ beside the solution.", Recursive = true };
var speed = new Option<double>("--speed") { Description = "Times faster than life.", DefaultValueFactory = static _ => 10 };
var exit = new Option<bool>("--exit") { Description = "End after the story; exit code 0 only if every expected notice exists." };
var scenario = new Option<FileInfo?>("--scenario") { Description = "Another scenario than the bundled one." };

var demo = new Command("demo", "Plays a past burst through the simulated station network and tells what happens.") { speed, exit, scenario };
demo.TreatUnmatchedTokensAsErrors = false;
demo.SetAction((parsed, cancellation) => Start.GuardedAsync(() => DemoCommand.RunAsync(
    parsed.GetValue(data), parsed.UnmatchedTokens, parsed.GetValue(speed), parsed.GetValue(exit), parsed.GetValue(scenario), cancellation)));

var root = new RootCommand("The ground segment of a gamma-ray-burst mission, in one process. Any setting: --Svom:Section:Name value.") { data, demo };
root.TreatUnmatchedTokensAsErrors = false;
root.SetAction((parsed, cancellation) => Start.GuardedAsync(() => Platform.ServeAsync(parsed.GetValue(data), parsed.UnmatchedTokens, cancellation)));

// A stop takes the time it needs: telescopes are told, what is queued is committed.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
