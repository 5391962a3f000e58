using System.Collections.Immutable;
using System.Globalization;
using Svom.EventStore;
using Svom.Stations;

namespace Svom.Monitoring;

/// <summary>What a check found: conditions that changed, alarms to raise or to end.</summary>
internal sealed record StationFindings(WatchRecord.Checked Record, ImmutableArray<AlarmMessage> Told)
{
    /// <summary>Null when nothing changed: an uneventful minute writes nothing.</summary>
    public Transition<WatchRecord>? ToTransition() => Record is { Conditions.IsEmpty: true, CrcJudged.IsEmpty: true, DelayJudged.IsEmpty: true }
        ? null : new([Record]) { Owed = [.. Told.Select(AlarmRoute.To)] };
}

/// <summary>
/// Who should have heard the satellite and did not. One station that missed what lower ones heard is a silent station; when nobody heard anything
/// though several should, it is the satellite, the network or the way in, and one alarm, not one for each station. Pure.
/// </summary>
internal static class StationChecks
{
    public const string SilentSatellite = "silent-satellite";
    public const string SilentStation = "silent-station";
    public const string CrcFailures = "crc-failures";
    public const string LateDelivery = "late-delivery";

    // Fewer than this say little of a share.
    private const int LeastSample = 20;

    // Witnesses without which nobody can be sure that the satellite was in sight of working stations.
    private const int LeastWitnesses = 3;

    // Copies of the last moments may still be on their way.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(10);

    /// <param name="since">Time of the check before.</param>
    /// <param name="now">Time of this one.</param>
    public static StationFindings Check(
        WatchState state, WatchFold fold, ImmutableArray<Station> network, StationWatchOptions options, DateTimeOffset since, DateTimeOffset now)
    {
        var look = new Look(state, fold, network, options, since > now - LongestLook ? since : now - LongestLook, now);
        var findings = new Findings(state, look);
        var heard = look.Packets();
        findings.Judge(SilentSatellite, null, Satellite(look, heard), AlarmPriority.High);
        for (var n = 0; n < network.Length; n++)
        {
            if (state.Stations.TryGetValue(network[n].Id, out var station)) // One that never delivered is not in service yet.
            {
                findings.Judge(SilentStation, network[n], Silence(look, heard, n, station), AlarmPriority.Medium);
                findings.Judge(CrcFailures, network[n], Broken(station, options), AlarmPriority.Low, findings.Crc);
                findings.Judge(LateDelivery, network[n], Late(station, options), AlarmPriority.Low, findings.Delay);
            }
        }

        return findings.Result();
    }

    private static Judgement? Satellite(Look look, IReadOnlyList<(HeardOnce Packet, Sight? Sight)> heard)
    {
        var last = look.State.LastStored!.Value;
        if (heard.Count > 0 || last > look.Since)
        {
            return new(Bad: false, $"received again at {Time(last)}");
        }

        // Seen at both ends of the time looked at: a pass that only begins or ends in it proves nothing.
        if (look.Witnesses() is not { } witnesses)
        {
            var silent = look.Now - last;
            return silent > look.Options.NetworkSilence ? new(Bad: true, $"nothing was received since {Time(last)}, for {Length(silent)}; no orbit is known") : null;
        }

        return witnesses.Length >= LeastWitnesses
            ? new(Bad: true, $"nothing was received since {Time(last)}, though the satellite stood above {witnesses.Length} stations that work otherwise: {Names(witnesses)}") : null;
    }

    private static Judgement? Silence(Look look, IReadOnlyList<(HeardOnce Packet, Sight? Sight)> heard, int station, HeardStation counts)
    {
        var id = look.Network[station].Id;
        if (counts.LastHeard > look.Since)
        {
            return new(Bad: false, $"heard at {Time(counts.LastHeard)}");
        }

        // Only what a station saw lower in the sky, and heard, proves that this one should have: hills and the reach of antennas differ.
        var missed = heard.Where(one => one.Sight is { } sight && sight.Sees(station) && !one.Packet.HeardBy(id) && look.LowestHearer(one.Packet, sight, station) <= sight.ElevationDegrees[station]).ToList();
        if (missed.Count >= look.Options.LeastExpected)
        {
            var others = missed.SelectMany(static one => one.Packet.Copies.Select(static copy => copy.Station)).Distinct(StringComparer.Ordinal).ToArray();
            return new(Bad: true, $"missed {Count(missed.Count)} packets in {Length(look.Now - look.Since)} that {Names(others)} heard, with the satellite up to "
                + $"{missed.Max(one => one.Sight!.ElevationDegrees[station]).ToString("F0", CultureInfo.InvariantCulture)}° high; last heard {Time(counts.LastHeard)}");
        }

        var quiet = look.Now - counts.LastHeard;
        return heard.Count > 0 && heard.All(static one => one.Sight is null) && quiet > look.Options.SilenceLimit
            ? new(Bad: true, $"last heard {Time(counts.LastHeard)}, {Length(quiet)} ago, while others hear; no orbit is known") : null;
    }

    private static Judgement? Broken(HeardStation counts, StationWatchOptions options)
    {
        var share = (double)counts.Broken / Math.Max(1, counts.Receptions);
        var evidence = $"{Count(counts.Broken)} of its last {Count(counts.Receptions)} frames are broken ({Percent(share)}, the limit is {Percent(options.CrcFailureLimit)})";
        return Judge(counts.Receptions, share, options.CrcFailureLimit, evidence);
    }

    private static Judgement? Late(HeardStation counts, StationWatchOptions options)
    {
        var all = counts.Prompt + counts.Late;
        var share = (double)counts.Late / Math.Max(1, all);
        return Judge(all, share, 0.5, $"{Count(counts.Late)} of its last {Count(all)} packets arrived more than {Length(options.LateAfter)} after they were made");
    }

    // Between half the limit and the limit nothing is said: that keeps an alarm from coming and going.
    private static Judgement? Judge(long sample, double share, double limit, string evidence) =>
        sample < LeastSample ? null : new(share >= limit ? true : share <= limit / 2 ? false : null, evidence);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Length(TimeSpan length) =>
        length.TotalHours >= 2 ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalHours:F1} h") : string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:F0} s");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:F0} %");

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Names(string[] stations) => stations.Length <= 6 ? string.Join(", ", stations) : $"{string.Join(", ", stations[..6])} and {Count(stations.Length - 6)} more";

    /// <param name="Bad">Null: judged, and neither bad nor good.</param>
    private sealed record Judgement(bool? Bad, string Evidence);

    /// <summary>What a check looks at.</summary>
    private sealed record Look(
        WatchState State, WatchFold Fold, ImmutableArray<Station> Network, StationWatchOptions Options, DateTimeOffset Since, DateTimeOffset Now)
    {
        private readonly Dictionary<string, int> numbers = Network.Select(static (station, n) => (station.Id, n)).ToDictionary(static pair => pair.Id, static pair => pair.n, StringComparer.Ordinal);

        /// <summary>Packets that came between the checks, a little earlier: their copies had time to come, too.</summary>
        public IReadOnlyList<(HeardOnce Packet, Sight? Sight)> Packets() =>
        [
            .. Fold.Window.Packets.Where(packet => packet.StoredAt > Since - Grace && packet.StoredAt <= Now - Grace).Select(packet => (packet, Fold.Sky?.At(packet.Header.PacketTime))),
        ];

        /// <summary>Elevation of the lowest other station that heard it; infinite when none of known place did.</summary>
        public double LowestHearer(HeardOnce packet, Sight sight, int but) => packet.Copies
            .Select(copy => numbers.GetValueOrDefault(copy.Station, -1)).Where(n => n >= 0 && n != but)
            .Select(n => sight.ElevationDegrees[n]).DefaultIfEmpty(double.PositiveInfinity).Min();

        /// <summary>Stations that ever delivered, are not silent themselves, and see the satellite; null when nobody knows where it is.</summary>
        public string[]? Witnesses() => Fold.Sky is { } sky && sky.At(Since) is { } before && sky.At(Now) is { } after
            ? [.. Network.Where((station, n) => before.Sees(n) && after.Sees(n) && Works(station.Id)).Select(static station => station.Id)] : null;

        // Where a region is lost, the satellite passes over it in silence, turn after turn.
        private bool Works(string station) => State.Stations.ContainsKey(station) && State.Conditions.GetValueOrDefault($"{SilentStation}.{station}") is not { Active: true };
    }

    private sealed class Findings(WatchState state, Look look)
    {
        private readonly List<AlarmCondition> conditions = [];
        private readonly List<AlarmMessage> told = [];

        public List<string> Crc { get; } = [];

        public List<string> Delay { get; } = [];

        public void Judge(string kind, Station? station, Judgement? judgement, AlarmPriority priority, List<string>? judged = null)
        {
            if (judgement is null)
            {
                return;
            }

            judged?.Add(station!.Id);
            if (judgement.Bad is not { } bad)
            {
                return;
            }

            var id = station is null ? kind : $"{kind}.{station.Id}";
            var before = state.Conditions.GetValueOrDefault(id) ?? AlarmCondition.Resting(id);
            var after = before.After(bad, look.Now, new(look.Options.RaiseCount, look.Options.RaiseOutOf, look.Options.ClearCount));
            if (after != before)
            {
                conditions.Add(after);
            }

            if (after.Active != before.Active)
            {
                told.Add(AlarmWords.Message(id, kind, station, after.Active, look.Now, (after.Active ? after : before).Since ?? look.Now, priority, judgement.Evidence));
            }
        }

        public StationFindings Result() => new(new(look.Now, [.. conditions], [.. Crc], [.. Delay]), [.. told]);
    }
}
