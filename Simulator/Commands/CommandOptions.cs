using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Svom.Simulation;

/// <summary>Options that both commands take, and how both end.</summary>
internal sealed class CommandOptions
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new UtcTimes() } };

    public Option<Uri> To { get; } = new("--to")
    {
        Description = "Address of the platform",
        DefaultValueFactory = static _ => new("http://127.0.0.1:8080"),
        CustomParser = static result =>
        {
            if (Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                return uri;
            }

            result.AddError("--to must be an http or https address");
            return null;
        },
    };

    public Option<string?> Data { get; } = new("--data") { Description = "The platform's data folder, which holds operator.token (default: SVOM_DATA, else data/ beside the solution file)" };

    public Option<string?> TokenFile { get; } = new("--token-file") { Description = "A file that holds a token" };

    public void AddTo(Command command)
    {
        command.Options.Add(To);
        command.Options.Add(Data);
        command.Options.Add(TokenFile);
    }

    /// <summary>Runs against the platform named; prints the result as JSON, or the fault as a sentence.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ParseResult parsed, Func<PlatformClient, Task<(object Summary, bool Good)>> run)
    {
        try
        {
            var to = parsed.GetValue(To)!;
            using var http = new HttpClient { BaseAddress = new(to.AbsoluteUri.TrimEnd('/') + "/"), Timeout = TimeSpan.FromSeconds(30) };
            var token = DataFolder.ReadToken(parsed.GetValue(TokenFile), parsed.GetValue(Data));
            var (summary, good) = await run(new(http, token, TimeProvider.System) { OnAway = Console.Error.WriteLine });
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(summary, summary.GetType(), Indented));
            return good ? 0 : 1;
        }
        catch (Exception error) when (error is PlatformException or ScenarioException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("stopped");
            return 130;
        }
    }

    /// <summary>A probability from 0 to 1.</summary>
    public static Option<double> Probability(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens.Single().Value, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1)
            {
                return value;
            }

            result.AddError($"{name} must be a probability from 0 to 1");
            return 0;
        },
    };
}
