using Svom.Monitoring;
using Svom.Packets;
using Svom.Simulation;
using Svom.Stations;

namespace Svom.Support;

/// <summary>An alarm that came in the mission's own time.</summary>
/// <param name="Returned">Null: it stands at the end.</param>
internal sealed record MissionAlarm(string Id, DateTimeOffset Raised, DateTimeOffset? Returned, string Evidence);

/// <summary>
/// Asks the station watch's rules minute by minute of the mission what alarms a platform would have raised that had lived through it. The
/// platform's own watch judges by its clock, for which weeks were minutes; here a reception arrives when its station heard it, or
/// when the log has it after others, for a late one.
/// </summary>
internal sealed class MissionWatch
{
    private const int ReceptionsPerRead = 4_096;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly StationWatchOptions options = new();
    private readonly WatchFold fold;
    private readonly FeedId feed;
    private readonly List<LoggedReception> minute = [];
    private readonly List<MissionAlarm> alarms = [];
    private WatchState state = WatchState.Empty;
    private DateTimeOffset arrived;
    private DateTimeOffset nextCheck;

    private MissionWatch(FeedId feed) => (this.feed, fold) = (feed, new(StationList.Bundled, options, null));

    /// <summary>Alarms in the order in which they were raised.</summary>
    public static async Task<IReadOnlyList<MissionAlarm>> AlarmsAsync(IPacketLog log, FeedId feed, CancellationToken cancellationToken)
    {
        var watch = new MissionWatch(feed);
        var head = await log.HeadAsync(feed, cancellationToken);
        for (long after = 0; after < head;)
        {
            var slice = await log.ReadAsync(feed, after, ReceptionsPerRead, packetsOnly: false, cancellationToken);
            foreach (var reception in slice.Items.Where(static reception => reception.Verdict is not ReceptionVerdict.Recovered))
            {
                watch.Take(reception);
            }

            after = slice.UpTo;
        }

        return watch.alarms;
    }

    /// <summary>What is wrong about alarms: outages that none names, alarms that no outage explains.</summary>
    public static IReadOnlyList<string> Faults(Mission mission, IReadOnlyList<MissionAlarm> alarms)
    {
        var faults = new List<string>();
        foreach (var outage in mission.Outages)
        {
            string[] wanted = outage.Kind == StationOutage.All ? [StationChecks.SilentSatellite] : [.. outage.Missed.Select(static station => $"{StationChecks.SilentStation}.{station}")];
            faults.AddRange(wanted
                .Where(id => !alarms.Any(alarm => alarm.Id == id && Explains(mission, outage, alarm) && alarm.Returned > outage.To))
                .Select(id => $"{id} was not raised in the outage from {outage.From:u} to {outage.To:u} and returned after it"));
        }

        faults.AddRange(alarms.Where(alarm => !mission.Outages.Any(outage => Explains(mission, outage, alarm))).Select(static alarm => $"{alarm.Id} was raised at {alarm.Raised:u} without an outage: {alarm.Evidence}"));
        return faults;
    }

    // Where a lost region alone has the satellite in sight, nobody can tell its silence from the satellite's at first.
    private static bool Explains(Mission mission, StationOutage outage, MissionAlarm alarm) => alarm.Raised > outage.From && alarm.Raised <= outage.To + Minute + Minute && alarm.Id switch
    {
        StationChecks.SilentSatellite => outage.Kind == StationOutage.All || (outage.Kind == StationOutage.Region && mission.InSight(alarm.Raised - Minute) == 0),
        _ => outage.Stations.Any(station => alarm.Id == $"{StationChecks.SilentStation}.{station}"),
    };

    private void Take(LoggedReception reception)
    {
        arrived = reception.ReceivedAt > arrived ? reception.ReceivedAt : arrived;
        nextCheck = nextCheck == default ? arrived + Minute : nextCheck;
        for (; nextCheck <= arrived; nextCheck += Minute)
        {
            Check(reception.Position - 1);
        }

        minute.Add(reception with { StoredAt = arrived });
    }

    private void Check(long upTo)
    {
        if (minute.Count > 0)
        {
            state = WatchCommit.Of(feed, fold.Take(minute, upTo), fold).Records.Aggregate(state, WatchState.Apply);
            minute.Clear();
        }

        var findings = StationChecks.Check(state, fold, StationList.Bundled, options, nextCheck - Minute, nextCheck);
        state = findings.ToTransition()?.Records.Aggregate(state, WatchState.Apply) ?? state;
        foreach (var told in findings.Told)
        {
            if (told.Raised)
            {
                alarms.Add(new(told.Id, told.At, null, told.Evidence));
            }
            else if (alarms.FindLastIndex(alarm => alarm.Id == told.Id) is >= 0 and var raised)
            {
                alarms[raised] = alarms[raised] with { Returned = told.At };
            }
        }
    }
}
