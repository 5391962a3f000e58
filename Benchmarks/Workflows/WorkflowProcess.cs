using System.Diagnostics;
using System.Globalization;

namespace Svom.Workflows;

/// <summary>The other end of <see cref="WorkflowChild"/>.</summary>
internal sealed class WorkflowProcess : IAsyncDisposable
{
    private readonly Process process;

    private WorkflowProcess(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>Starts it and waits until the platform is ready.</summary>
    /// <param name="steps">File to which steps say that they run.</param>
    public static async Task<WorkflowProcess> StartAsync(string folder, string steps, IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken cancellationToken)
    {
        var program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) != "dotnet";
        var start = new ProcessStartInfo(program ? Environment.ProcessPath! : "dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[StepRuns.Variable] = steps;
        foreach (var argument in (string[])
        [
            .. program ? Array.Empty<string>() : [typeof(WorkflowProcess).Assembly.Location], WorkflowChild.Name, "--data", folder,
            .. settings.SelectMany(static one => (string[])["--set", $"{one.Key}={one.Value}"]),
        ])
        {
            start.ArgumentList.Add(argument);
        }

        var started = new WorkflowProcess(Process.Start(start) ?? throw new InvalidOperationException("The platform did not start."));
        await started.HearAsync("ready", cancellationToken);
        return started;
    }

    public Task TellAsync(FormattableString order) => process.StandardInput.WriteLineAsync(order.ToString(CultureInfo.InvariantCulture));

    /// <summary>Waits for an answer that begins with a word.</summary>
    /// <returns>The words after it.</returns>
    public async Task<string[]> HearAsync(string word, CancellationToken cancellationToken)
    {
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Split(' ') is [var first, .. var rest] && first == word)
            {
                return rest;
            }
        }

        throw new InvalidOperationException($"The platform ended before it said '{word}'.");
    }

    /// <summary>Starts a load and waits until all of it is accepted.</summary>
    /// <returns>Seconds that it took.</returns>
    public async Task<double> AcceptAsync(string kind, string prefix, int count, int milliseconds, int callers, CancellationToken cancellationToken)
    {
        await TellAsync($"{kind} {prefix} {count} {milliseconds} {callers}");
        return double.Parse((await HearAsync("accepted", cancellationToken))[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Collects all garbage and says what is left, in MiB.</summary>
    public async Task<double> LiveMiBAsync(CancellationToken cancellationToken)
    {
        await TellAsync($"live - 0");
        return double.Parse((await HearAsync("live", cancellationToken))[0], CultureInfo.InvariantCulture);
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }

        process.Dispose();
    }
}
