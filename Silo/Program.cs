using System.CommandLine;
using Svom.Demo;
using Svom.Hosting;
using Svom.Packets;

var data = new Option<string?>("--data") { Description = "Folder that holds everything; else SVOM_DATA, else data/ beside the solution.", Recursive = true };
var speed = new Option<double?>("--speed") { Description = "Times faster than life; else 10, and 100 with --rough." };
var exit = new Option<bool>("--exit") { Description = "End after the story; exit code 0 only if all came out as it has to." };
var scenario = new Option<FileInfo?>("--scenario") { Description = "Another scenario than the bundled one." };
var rough = new Option<bool>("--rough") { Description = "Play it over a perfect and over a rough station network, and compare what is known." };
var seed = new Option<int>("--seed") { Description = "Which rough network.", DefaultValueFactory = static _ => RoughNight.StorySeed };

var demo = new Command("demo", "Plays a past burst through the simulated station network and tells what happens.") { speed, exit, scenario, rough, seed };
demo.TreatUnmatchedTokensAsErrors = false;
demo.Validators.Add(parsed =>
{
    if (parsed.GetResult(seed) is { Implicit: false } && !parsed.GetValue(rough))
    {
        parsed.AddError("--seed says which rough network: add --rough.");
    }
});
demo.SetAction((parsed, cancellation) => Start.GuardedAsync(() => DemoCommand.RunAsync(
    parsed.GetValue(data), parsed.UnmatchedTokens, parsed.GetValue(speed) ?? (parsed.GetValue(rough) ? 100 : 10), parsed.GetValue(exit), parsed.GetValue(scenario),
    parsed.GetValue(rough) ? parsed.GetValue(seed) : null, cancellation)));

var burst = new Option<string?>("--burst") { Description = "One burst alone." };
var session = new Option<string?>("--session") { Description = "A rehearsal; else the live feed." };
var from = new Option<string?>("--from") { Description = "Only bursts first heard not before this time." };
var to = new Option<string?>("--to") { Description = "Only bursts first heard before this time." };
var resimulate = new Option<bool>("--resimulate") { Description = "Decide anew by today's rules and settings, in virtual time." };
var json = new Option<bool>("--json") { Description = "The report as JSON." };
var pace = new Option<double?>("--speed") { Description = "Times mission time; else as fast as possible." };
var replay = new Command("replay", "Plays what lies in a data folder again and says what differs; exit code 0 only if nothing does.") { burst, session, from, to, resimulate, pace, json };
replay.TreatUnmatchedTokensAsErrors = false;
replay.SetAction((parsed, cancellation) => Start.GuardedAsync(() => ReplayCommand.RunAsync(
    parsed.GetValue(data), parsed.UnmatchedTokens,
    new(parsed.GetValue(burst), parsed.GetValue(session), parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(resimulate), parsed.GetValue(json), parsed.GetValue(pace)),
    Console.Out, Console.Error, TimeProvider.System, cancellation)));

var first = new Argument<FileInfo>("first") { Description = "Report of a run, as JSON." };
var second = new Argument<FileInfo>("second") { Description = "Report of another run." };
var compare = new Command("compare", "Says what came out otherwise in the second of two runs; exit code 0 only if nothing did.") { first, second };
compare.SetAction((parsed, cancellation) => Start.GuardedAsync(() => CompareCommand.RunAsync(parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), Console.Out, cancellation)));

var root = new RootCommand("The ground segment of a gamma-ray-burst mission, in one process. Any setting: --Svom:Section:Name value.") { data, demo, replay, compare };
root.TreatUnmatchedTokensAsErrors = false;
root.SetAction((parsed, cancellation) => Start.GuardedAsync(() => Platform.ServeAsync(parsed.GetValue(data), parsed.UnmatchedTokens, cancellation)));

// A stop takes the time it needs: telescopes are told, what is queued is committed.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
