using System.Globalization;
using System.Text.Json;
using Svom.Bursts;
using Svom.Hosting;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Packets;

/// <summary>What the command line says of a replay.</summary>
internal sealed record ReplayChoice(string? Burst, string? Session, string? From, string? To, bool Resimulate, bool Json, double? Speed = null);

/// <summary>Plays what lies in a data folder again, without a platform: the folder is taken as a platform takes it, read, and let go.</summary>
internal static class ReplayCommand
{
    /// <summary>Exit code when something came out otherwise.</summary>
    public const int Differs = 1;

    private static readonly string[] Files = ["events.db", "packets.db"];

    /// <param name="output">Where the report goes.</param>
    /// <param name="progress">Where a paced replay says how far it is.</param>
    public static async Task<int> RunAsync(
        string? dataOption, IReadOnlyList<string> settings, ReplayChoice choice, TextWriter output, TextWriter progress, TimeProvider time, CancellationToken cancellationToken)
    {
        var request = new ReplayRequest(
            choice.Resimulate ? ReplayMode.Resimulation : ReplayMode.Replay, choice.Session, choice.Burst, Time("--from", choice.From), Time("--to", choice.To), choice.Speed);
        if (ReplayRunner.Fault(request) is { } fault)
        {
            throw new CannotStartException(fault);
        }

        using var host = Compose(DataPath.Resolve(dataOption), settings, time);
        try
        {
            var outcome = await host.Services.GetRequiredService<ReplayRunner>().RunAsync(request, choice.Speed is null ? null : new ReplayTeller(progress, time), cancellationToken);
            return outcome.Accepted ? Tell(outcome.Value, choice.Json, output) : throw new CannotStartException(outcome.Refusal.Detail);
        }
        catch (OperationCanceledException stopped) when (cancellationToken.IsCancellationRequested)
        {
            throw new CannotStartException("The replay was stopped before its end: there is no report.", stopped);
        }
        catch (Exception failure) when (failure is StoreUnreadableException or Microsoft.Extensions.Options.OptionsValidationException or Postgres.StoreUnreachableException)
        {
            throw new CannotStartException(failure.Message, failure);
        }
    }

    private static IHost Compose(string path, IReadOnlyList<string> settings, TimeProvider time)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(Start.Settings(settings));
        SettingsCheck.RefuseUnknown(builder.Configuration, KnownSettings.Sections);
        SettingsCheck.RefuseUnreadable(builder.Configuration, KnownSettings.Sections);
        builder.Logging.ClearProviders();
        var storage = (builder.Configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new()).Provider;
        if (storage == StorageProvider.Sqlite && Array.Exists(Files, file => !File.Exists(Path.Combine(path, file))))
        {
            throw new CannotStartException($"The data folder {path} holds no platform's data. Choose another with --data.");
        }

        var services = builder.Services;
        _ = storage == StorageProvider.Postgres ? services.AddPostgresStorage(Open(path)) : services.AddSqliteStorage(Open(path));
        services.AddOptions<BurstOptions>().BindConfiguration(BurstOptions.Section);
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<BurstOptions>, BurstOptionsValidator>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ReplayRunner>(provider, time));
        return builder.Build();
    }

    private static DataFolder Open(string path)
    {
        try
        {
            return DataFolder.Open(path);
        }
        catch (DataFolderInUseException held)
        {
            throw new CannotStartException(held.Message, held);
        }
    }

    private static int Tell(ReplayReport report, bool json, TextWriter output)
    {
        output.WriteLine(json ? JsonSerializer.Serialize(report, CompareCommand.Json) : Words(report));
        return report.DifferencesFound == 0 ? 0 : Differs;
    }

    private static string Words(ReplayReport report) => string.Join(Environment.NewLine, report.Differences.Select(static difference => difference.Text).Append(string.Create(
        CultureInfo.InvariantCulture, $"{report.Packets} packets, {report.Bursts} bursts, {report.Notices} notices played again: {(report.DifferencesFound == 0 ? "no differences" : $"{report.DifferencesFound} differences")}.")));

    private static DateTimeOffset? Time(string option, string? text) =>
        text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at
        : throw new CannotStartException($"{option} is a time such as 2026-03-01T04:00:00Z, not '{text}'.");
}
