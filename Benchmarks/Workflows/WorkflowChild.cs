using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Svom.EventStore;
using Svom.Hosting;

namespace Svom.Workflows;

/// <summary>
/// The platform with the measured workflows as a process of its own, to be killed or weighed. It takes orders by line on its input
/// and answers by line on its output.
/// </summary>
internal static class WorkflowChild
{
    public const string Name = "workflow-platform";
    private const int Page = 1_000_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static System.CommandLine.Command Command()
    {
        var data = new Option<string>("--data") { Required = true };
        var settings = new Option<string[]>("--set") { AllowMultipleArgumentsPerToken = true };
        var command = new System.CommandLine.Command(Name, "The platform that wf-idle10k and wf-crash1000 weigh and kill.") { data, settings };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(settings) ?? [], cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string folder, string[] settings, CancellationToken cancellationToken)
    {
        await using var platform = await Platform.StartAsync(
            folder, [.. MeasuredPlatform.Settings, .. settings.Select(static one => KeyValuePair.Create(one.Split('=', 2)[0], (string?)one.Split('=', 2)[1]))],
            cancellationToken, static builder => builder.Services.AddMeasuredWorkflows());
        var services = platform.Application.Services;
        await Console.Out.WriteLineAsync("ready");
        while (await Console.In.ReadLineAsync(cancellationToken) is { } order)
        {
            var words = order.Split(' ');
            var count = int.Parse(words[2], CultureInfo.InvariantCulture);
            if (words[0] == "finish")
            {
                await FinishAsync(services, words[1], count, TimeSpan.FromSeconds(int.Parse(words[3], CultureInfo.InvariantCulture)), cancellationToken);
            }
            else if (words[0] == "live")
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"live {GC.GetTotalMemory(forceFullCollection: true) / 1048576d:F1}"));
            }
            else
            {
                var milliseconds = int.Parse(words[3], CultureInfo.InvariantCulture);
                var client = services.GetRequiredService<WorkflowClient>();
                var (_, seconds) = await ClosedLoop.RunAsync(
                    count, int.Parse(words[4], CultureInfo.InvariantCulture), i => StartAsync(client, words[0], new(Id(words[1], i)), milliseconds, cancellationToken));
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"accepted {seconds:F3}"));
            }
        }

        return 0;
    }

    /// <summary>Id of the i-th workflow of a load.</summary>
    public static string Id(string prefix, int i) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}");

    private static async Task StartAsync(WorkflowClient client, string kind, WorkflowOptions options, int milliseconds, CancellationToken cancellationToken) => _ = kind switch
    {
        "steps" => await client.ExecuteWorkflowAsync(static (LocalSteps workflow) => workflow.RunAsync(), options, cancellationToken),
        "sleep" => (object)await client.StartWorkflowAsync((Sleeping workflow) => workflow.RunAsync(milliseconds), options, cancellationToken),
        "local" => await client.StartWorkflowAsync((LongLocalSteps workflow) => workflow.RunAsync(milliseconds), options, cancellationToken),
        "activity" => await client.StartWorkflowAsync((LongActivitySteps workflow) => workflow.RunAsync(milliseconds), options, cancellationToken),
        _ => throw new ArgumentException($"There is no load '{kind}'.", nameof(kind)),
    };

    /// <summary>Looks from outside until all runs are closed, without touching a workflow; then asks each for its result.</summary>
    private static async Task FinishAsync(IServiceProvider services, string prefix, int count, TimeSpan patience, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IEventStore>();
        var began = Stopwatch.GetTimestamp();
        var (closed, half) = (0, false);
        while (closed < count && Stopwatch.GetElapsedTime(began) < patience)
        {
            closed = await ClosedAsync(store, prefix, cancellationToken) ?? closed;
            if (!half && closed >= count / 2)
            {
                half = true;
                await Console.Out.WriteLineAsync("half");
            }

            await Task.Delay(closed < count ? Look : TimeSpan.Zero, TimeProvider.System, cancellationToken);
        }

        await Console.Out.WriteLineAsync("closed");
        var client = services.GetRequiredService<WorkflowClient>();
        var (right, wrong) = (0, 0);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(10));
        await ClosedLoop.RunAsync(count, 64, async i =>
        {
            try
            {
                var result = await client.GetWorkflowHandle(Id(prefix, i)).GetResultAsync<int>(cancellationToken: late.Token);
                _ = result == MeasuredWorkflows.Steps ? Interlocked.Increment(ref right) : Interlocked.Increment(ref wrong);
            }
            catch (Exception lost) when (!cancellationToken.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync($"{Id(prefix, i)}: {lost.Message}"); // Neither right nor wrong: lost.
            }
        });
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"done {right + wrong} {wrong}"));
    }

    /// <returns>Null when the store is away.</returns>
    private static async Task<int?> ClosedAsync(IEventStore store, string prefix, CancellationToken cancellationToken)
    {
        try
        {
            var from = new WorkflowAddress(WorkflowAddress.DefaultNamespace, prefix + "-").ToString();
            var rows = await store.IndexAsync(WorkflowIndex.Runs, from, from + '~', Page, descending: false, cancellationToken);
            return rows.Count(static row => JsonSerializer.Deserialize(row.Value.Span, WorkflowIndexJson.Default.RunRow)!.Status != RunStatus.Running);
        }
        catch (Exception away) when (away is System.Data.Common.DbException or TimeoutException or IOException)
        {
            return null;
        }
    }
}
