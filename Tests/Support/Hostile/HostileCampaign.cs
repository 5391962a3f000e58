using System.Globalization;

namespace Svom.Support.Hostile;

/// <summary>What came of one kind of input.</summary>
/// <param name="Peak">Most resident memory meanwhile, octets.</param>
/// <param name="After">Resident memory afterwards.</param>
/// <param name="Live">Managed memory that a full collection left afterwards.</param>
internal sealed record HostileStage(AttackTally Tally, long Peak, long After, long Live);

/// <summary>Sends hostile inputs of all kinds, one kind after the other, and looks after each whether the platform is what it was before.</summary>
/// <param name="tell">Is told how it goes.</param>
internal sealed class HostileCampaign(AttackedPlatform platform, long seed, Action<string> tell)
{
    // Ids of the log that a stranger may cause: a client that does not read is cut off, and its operator is told (docs/operating/telemetry.md).
    private const int ClientCutOff = 7_003;
    private const int WarmUpPart = 50;
    private const int MostSettleMinutes = 3;
    private const string Station = "KOU";
    private const string Telescope = "colibri";
    private readonly Dictionary<MqttSpeaker, (string Name, string Token)> speakers = [];

    /// <summary>What the platform kept alive after a fiftieth of everything, octets.</summary>
    public long LiveAtFirst { get; private set; }

    /// <summary>Runs the kinds after a warm-up with a fiftieth of each.</summary>
    public async Task<IReadOnlyList<HostileStage>> RunAsync(IReadOnlyList<HostileKind> kinds, long inputs, CancellationToken cancellationToken)
    {
        speakers[MqttSpeaker.Station] = (Station, await platform.TokenAsync(Station, "station", cancellationToken));
        speakers[MqttSpeaker.Telescope] = (Telescope, await platform.TokenAsync(Telescope, "telescope", cancellationToken));
        speakers[MqttSpeaker.Operator] = ("operator", platform.Token);
        await using var memory = new MemoryWatch(platform);
        var stages = new List<HostileStage>();
        foreach (var kind in kinds)
        {
            stages.Add(await StageAsync(kind, seed + 1, Math.Max(1, inputs / WarmUpPart), memory, cancellationToken));
        }

        LiveAtFirst = stages[^1].Live;
        foreach (var kind in kinds)
        {
            stages.Add(await StageAsync(kind, seed, inputs, memory, cancellationToken));
        }

        return stages;
    }

    private async Task<HostileStage> StageAsync(HostileKind kind, long from, long inputs, MemoryWatch memory, CancellationToken cancellationToken)
    {
        memory.Peak();
        var tally = new AttackTally(kind, from);
        var (stored, errors) = (await platform.StoredAsync(cancellationToken), platform.Errors(ClientCutOff).Count);
        await AttackAsync(kind, from, inputs, tally, cancellationToken);
        tally.End();
        await LookAsync(kind, tally, (long)stored, errors, cancellationToken);
        var stage = new HostileStage(tally, memory.Peak(), platform.Resident, await MemoryWatch.LiveAsync(platform, cancellationToken));
        tell(string.Create(CultureInfo.InvariantCulture,
            $"{kind}: {tally.Inputs} inputs in {tally.Elapsed.TotalSeconds:F0} s, {tally.Rate:F0}/s; memory at most {stage.Peak / 1e6:F0} MB, then {stage.After / 1e6:F0} MB, of it alive {stage.Live / 1e6:F1} MB; stored {tally.Accepted}; {tally.Answers}"));
        foreach (var fault in tally.Faults)
        {
            tell("  FAULT " + fault);
        }

        return stage;
    }

    private async Task AttackAsync(HostileKind kind, long from, long inputs, AttackTally tally, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case HostileKind.Frames:
                FrameAttack.Pure(from, inputs, tally);
                tally.Begin();
                await FrameAttack.RunAsync(platform, from, inputs, tally, cancellationToken);
                break;
            case HostileKind.Json:
                await JsonAttack.RunAsync(platform, await JsonAttack.PrepareAsync(platform, cancellationToken), from, inputs, tally, cancellationToken);
                break;
            case HostileKind.Grpc:
                await GrpcAttack.RunAsync(platform, from, inputs, tally, cancellationToken);
                break;
            default:
                await MqttAttack.RunAsync(platform, new HostileMqtt(speakers), from, inputs, tally, cancellationToken);
                break;
        }
    }

    /// <summary>Lives, takes what is right, has written no errors, has let go of every connection, and has stored what it said.</summary>
    private async Task LookAsync(HostileKind kind, AttackTally tally, long storedBefore, int errorsBefore, CancellationToken cancellationToken)
    {
        Wrong("left clients behind", await platform.UntilAsync("svom_mqtt_clients", static clients => clients <= 1, cancellationToken) is > 1 and var left ? [$"{left}"] : []);
        var stored = (long)await platform.StoredAsync(cancellationToken) - storedBefore;

        // Over a connection that ended, more may be stored than was heard of.
        var unheard = kind is HostileKind.Frames ? 0 : kind is HostileKind.Json ? tally.Count("closed") : long.MaxValue / 2;
        Wrong("stored otherwise than it said", stored < tally.Accepted || stored - tally.Accepted > unheard ? [$"said {tally.Accepted}, counts {stored}"] : []);
        Wrong("is not what it was", await platform.ProveAsync(cancellationToken));
        Wrong("wrote an error", platform.Errors(ClientCutOff).Skip(errorsBefore));
        for (var minutes = 0; await platform.UntilAsync("svom_feed_lag", static lag => lag == 0, cancellationToken) > 0; minutes++)
        {
            if (minutes == MostSettleMinutes)
            {
                Wrong("is behind", [$"{await platform.FigureAsync("svom_feed_lag", cancellationToken)} receptions not routed after {MostSettleMinutes} minutes"]);
                break;
            }
        }

        void Wrong(string sort, IEnumerable<string> findings)
        {
            foreach (var finding in findings)
            {
                tally.Fault("the platform " + sort, -1, finding);
            }
        }
    }
}
