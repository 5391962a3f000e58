using System.Collections.Concurrent;
using System.Security.Cryptography;
using Svom.EndToEnd;
using Svom.Support;

namespace Svom.Faults;

/// <summary>How a platform ends.</summary>
internal enum Death
{
    /// <summary>kill -9 as soon as the platform acknowledged receptions.</summary>
    AfterAnAnswer,

    /// <summary>kill -9 as soon as an alert was heard, or when none comes for a while.</summary>
    AfterAnAlert,

    /// <summary>kill -9 some milliseconds after a batch of the load went out.</summary>
    WhileABatchIsOut,

    /// <summary>kill -9 at any time.</summary>
    AtRandom,

    /// <summary>kill -9, and once more while it starts again.</summary>
    WhileStarting,

    /// <summary>SIGTERM.</summary>
    Stopped,
}

/// <summary>One platform on one folder and fixed ports that dies again and again, looked at after every start.</summary>
internal sealed class DyingPlatform(
    string folder, Random random, AcknowledgedReceptions acknowledged, AcknowledgedReceptions acknowledgedLoad, AlertSubscriber telescope) : IAsyncDisposable
{
    private const int LongestAnswerMs = 6;
    private static readonly TimeSpan WaitsForAnAlert = TimeSpan.FromSeconds(4);
    private readonly ConcurrentDictionary<string, string> bytes = new(StringComparer.Ordinal);
    private PlatformProcess? process;

    public int HttpPort { get; init; }

    public int MqttPort { get; init; }

    public HttpClient Http => process!.Http;

    public string Token => process!.Token;

    /// <summary>The end of what the running process printed.</summary>
    public string LastWords => string.Join('\n', process!.Output.Split('\n').TakeLast(30).Select(static line => line.Length > 600 ? line[..600] : line));

    /// <summary>Kills so far; a stop is none.</summary>
    public int Kills { get; private set; }

    /// <summary>Batches of the load that were on their way when a kill came.</summary>
    public int Interrupted { get; private set; }

    public List<string> Findings { get; } = [];

    public async Task StartAsync()
    {
        process = PlatformProcess.Launch(folder, HttpPort, MqttPort);
        await process.ReadyAsync();
        await LookAsync();
    }

    /// <summary>Ends and starts again.</summary>
    public async Task DieAsync(Death death)
    {
        await (death switch
        {
            Death.AfterAnAnswer => Task.WhenAny(acknowledged.NextAnswer, Task.Delay(WaitsForAnAlert, TimeProvider.System)),
            Death.AfterAnAlert => Task.WhenAny(telescope.NextAlert, Task.Delay(WaitsForAnAlert, TimeProvider.System)),
            Death.WhileABatchIsOut => Task.WhenAny(acknowledgedLoad.NextRequest, Task.Delay(WaitsForAnAlert, TimeProvider.System)),
            _ => Task.Delay(TimeSpan.FromMilliseconds(random.Next(2_500)), TimeProvider.System),
        });
        if (death == Death.WhileABatchIsOut)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestAnswerMs)), TimeProvider.System);
        }

        if (death == Death.Stopped)
        {
            await StopAsync();
        }
        else
        {
            await KillAsync();
        }

        if (death == Death.WhileStarting)
        {
            process = PlatformProcess.Launch(folder, HttpPort, MqttPort);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 3_000)), TimeProvider.System);
            await KillAsync();
        }

        await StartAsync();
    }

    /// <summary>SIGTERM; anything but exit code 0 is a finding.</summary>
    public async Task StopAsync()
    {
        var code = await process!.StopAsync();
        if (code != 0)
        {
            Findings.Add($"SIGTERM ended with exit code {code}:\n{process.Output}");
        }

        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Every byte that was ever there is there again.</summary>
    public async Task LookAsync()
    {
        var archive = new PlatformArchive(Http);
        var notices = await archive.NoticesAsync();
        Findings.AddRange(notices.GroupBy(static notice => notice.Id, StringComparer.Ordinal).Where(static same => same.Count() > 1).Select(static same => $"{same.Key} stands {same.Count()} times in the archive"));
        var gone = bytes.Keys.Select(static form => form.Split('.')[0]).Except(notices.Select(static notice => notice.Id), StringComparer.Ordinal);
        Findings.AddRange(gone.Select(static notice => $"{notice} was in the archive and is gone"));
        foreach (var notice in notices)
        {
            foreach (var form in notice is { State: "sent", Settled: true } ? new[] { ".xml", ".json", ".envelope.json" } : [".xml", ".json"])
            {
                var now = Convert.ToHexStringLower(SHA256.HashData(await archive.BytesAsync(notice.Id, form)));
                if (bytes.GetOrAdd(notice.Id + form, now) is { } before && before != now)
                {
                    Findings.Add($"{notice.Id}{form} was {before} and is {now}");
                }
            }
        }
    }

    public ValueTask DisposeAsync() => process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task KillAsync()
    {
        Interrupted += acknowledgedLoad.Waiting;
        await process!.KillAsync();
        await process.DisposeAsync();
        process = null;
        Kills++;
    }
}
