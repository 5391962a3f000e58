using System.Globalization;
using Svom.Bursts;

namespace Svom.Support;

/// <summary>A past burst as facts: packets with the time they were heard, acts with their mission time.</summary>
public sealed record RealBurst(
    string Name, IReadOnlyList<RealNotice> Notices, IReadOnlyList<(DateTimeOffset Heard, Evidence Evidence)> Packets,
    IReadOnlyList<BurstAct> Acts, bool GrmIsStandIn);

/// <summary>
/// Facts of a past burst from its public notices. What notices only imply is filled in: the answer to a slew request, a late
/// first packet, and a GRM trigger that is cited but not at hand (a stand-in, whose notice is not compared).
/// </summary>
public static class RealBursts
{
    private const uint Observation = 4711;
    private static readonly TimeSpan OnTheAir = TimeSpan.FromSeconds(1);

    public static IEnumerable<RealBurst> All(string folder) =>
        Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(Read).OfType<RealBurst>();

    /// <returns>Null when only later notices of the burst are known: it cannot be played honestly.</returns>
    public static RealBurst? Read(string folder)
    {
        var notices = Directory.GetFiles(folder, "*.xml").Select(RealNotice.Load).OrderBy(static n => n.Date).ThenBy(static n => n.Name, StringComparer.Ordinal).ToList();
        var facts = new Facts(notices);
        return facts.Playable ? facts.ToBurst(Path.GetFileName(folder)) : null;
    }

    private sealed class Facts(List<RealNotice> notices)
    {
        private readonly HashSet<string> cited = [.. notices.SelectMany(static n => n.Cited)];
        private readonly List<(DateTimeOffset Heard, Evidence Evidence)> packets = [];
        private readonly List<BurstAct> acts = [];
        private readonly List<RealNotice> mxt = [.. notices.Where(static n => n.Type.StartsWith("mxt-", StringComparison.Ordinal)).OrderBy(static n => n.Document.WhereWhen.IsoTime)];
        private readonly RealNotice? retraction = notices.Find(static n => n.Type == NoticeTypes.Retraction);

        // The retraction repeats the ECLAIRs detection where no ECLAIRs notice was ever sent.
        private bool NeverSent => Eclairs().Count == 0 && retraction?["Instrument"] == Instruments.Eclairs;

        public bool Playable => mxt.Count == 0 || Eclairs().Count > 0;

        public RealBurst ToBurst(string name)
        {
            var standIn = AddGrm();
            AddEclairs();
            AddMxt();
            if (retraction is { } taken)
            {
                Add(taken.Date, BurstActKind.Retract, [.. taken.Cited]);
            }

            return new(name, notices, packets, acts, standIn);
        }

        private List<RealNotice> Eclairs() =>
            notices.FindAll(static n => n.Type is NoticeTypes.Wakeup or NoticeTypes.Catalog or NoticeTypes.Slewing or NoticeTypes.NotSlewing);

        private RealNotice? Find(string type) => notices.Find(n => n.Type == type);

        private bool AddGrm()
        {
            if (Find(NoticeTypes.GrmTrigger) is { } told)
            {
                var end = RealNotice.Time(told["Detection_Info.Time_Window_End"]!);
                var position = told.Document.WhereWhen.Position is { } p ? new RaDec(Number(p.Ra), Number(p.Dec)) : null;
                var sent = end + OnTheAir;
                Hear(sent, new GrmTrigger(
                    1, Seconds(sent), T0(told) ?? end, RealNotice.Time(told["Detection_Info.Time_Window_Start"]!), told.Exact("Detection_Info.Timescale"),
                    told.Exact("Detection_Info.Lower_Energy_Bound"), told.Exact("Detection_Info.Upper_Energy_Bound"), told.Number("Detection_Info.SNR"),
                    told["Detection_Info.Triggered_GRDs"]!, position, Attitude(told), Orbit(told)));
                return false;
            }

            if (!cited.Contains(NoticeTypes.GrmTrigger) || Eclairs() is not [var head, ..])
            {
                return false;
            }

            var t0 = SequenceT0(head) - TimeSpan.FromMinutes(1);
            Hear(t0 + OnTheAir, new GrmTrigger(
                1, Seconds(t0 + OnTheAir), t0, t0 - OnTheAir, 1.0m, 8.539406m, 17.078812m, 8, "110", null, Attitude(head), null));
            return true;
        }

        private void AddEclairs()
        {
            var told = NeverSent ? [retraction!] : Eclairs();
            if (told is not [var head, ..])
            {
                return;
            }

            var t0 = SequenceT0(head);
            var count = cited.Contains(NoticeTypes.Preliminary) || cited.Count == 0 ? 0 : 1;
            var seen = new HashSet<(string?, string?, bool)>();
            foreach (var notice in told)
            {
                var asks = notice.Type == NoticeTypes.Slewing || notice["Satellite_Info.Slew_Status"] is SlewStatuses.Rejected or SlewStatuses.Accepted or SlewStatuses.Requested;
                if (!seen.Add((notice["Detection_Info.Time_Window_Start"], notice["Detection_Info.SNR"], asks)))
                {
                    continue;
                }

                var sent = RealNotice.Time(notice["Detection_Info.Time_Window_End"]!) + OnTheAir;
                if (notice == head && !asks && !cited.Contains(NoticeTypes.NotSlewing) && sent + TimeSpan.FromMinutes(7) < head.Date)
                {
                    sent = head.Date - TimeSpan.FromMinutes(1); // Its eight minutes would have been over: the packet came late.
                }

                // What the first notice does not use was not heard when that one was validated.
                var heard = notice == head ? sent : Later(sent, head.Date + TimeSpan.FromSeconds(5));
                Hear(sent, Alert(notice, t0, count++, sent, asks), heard);
            }

            if (!NeverSent)
            {
                Add(head.Date, BurstActKind.Validate, null);
            }

            AddSlew(head);
        }

        private void AddSlew(RealNotice head)
        {
            var status = head["Satellite_Info.Slew_Status"];
            var end = RealNotice.Time(head["Detection_Info.Time_Window_End"]!) + OnTheAir;
            var early = end + TimeSpan.FromMinutes(1) < head.Date - TimeSpan.FromSeconds(10) ? end + TimeSpan.FromMinutes(1) : head.Date - TimeSpan.FromSeconds(10);
            (DateTimeOffset At, bool Accepted)? answer =
                Find(NoticeTypes.Slewing) is { } slewing ? (slewing.Date, true)
                : Find(NoticeTypes.NotSlewing) is { } refused && refused["Satellite_Info.Slew_Status"] == SlewStatuses.Rejected ? (refused.Date, false)
                : status is SlewStatuses.Accepted or SlewStatuses.Rejected ? (early, status == SlewStatuses.Accepted)
                : cited.Contains(NoticeTypes.Slewing) ? (head.Date + TimeSpan.FromSeconds(30), true)
                : null;
            if (answer is { } given)
            {
                Hear(given.At, new SlewAnswer(Observation, Seconds(given.At), given.Accepted));
            }
        }

        private void AddMxt()
        {
            foreach (var notice in mxt)
            {
                var where = notice.Document.WhereWhen.Position!;
                var radius = Number(where.Error2Radius) * 3600;
                var sent = notice.Date - TimeSpan.FromSeconds(5);
                Hear(sent, new MxtPosition(
                    Observation, Seconds(sent), RealNotice.Time(notice.Document.WhereWhen.IsoTime), 1, Number(where.Ra), Number(where.Dec),
                    (int)notice.Number("Detection_Info.SNR"), Math.Round(Math.Sqrt(Math.Max(0, (radius * radius) - 625)), 2),
                    notice.Number("Detection_Info.Mean_Flux"), notice.Number("Detection_Info.Flux_Error"),
                    notice["Target_Info.Within_ECLAIRs_R90"] == "True", notice["Satellite_Info.Use_VT_Attitude"] == "True", Attitude(notice), Orbit(notice)));
            }
        }

        private static EclairsAlert Alert(RealNotice notice, DateTimeOffset t0, int count, DateTimeOffset sent, bool asks)
        {
            var where = notice.Document.WhereWhen.Position!;
            return new(
                Observation, count, Seconds(sent), t0, RealNotice.Time(notice["Detection_Info.Time_Window_Start"]!), notice.Exact("Detection_Info.Timescale"),
                notice.Exact("Detection_Info.Lower_Energy_Bound"), notice.Exact("Detection_Info.Upper_Energy_Bound"),
                Enum.Parse<TriggerAlgorithm>(notice["Detection_Info.Trigger_Type"]!), notice.Number("Detection_Info.SNR"), Number(where.Ra), Number(where.Dec),
                Quality: 128, notice["Target_Info.Onboard_Catalog_Id"] is { } id ? int.Parse(id, CultureInfo.InvariantCulture) : 0, asks,
                Attitude(notice), Orbit(notice));
        }

        private DateTimeOffset SequenceT0(RealNotice head) =>
            Eclairs().Select(T0).FirstOrDefault(static t0 => t0 is not null) ?? RealNotice.Time(head["Detection_Info.Time_Window_End"]!);

        private void Hear(DateTimeOffset sent, Evidence evidence, DateTimeOffset? heard = null) => packets.Add((heard ?? (sent + OnTheAir), evidence));

        private void Add(DateTimeOffset at, BurstActKind kind, string[]? withdraws) =>
            acts.Add(new(kind, "advocate", "as it was", at, Notices: withdraws is null ? null : [.. withdraws], IdempotencyKey: $"{kind}"));

        private static DateTimeOffset? T0(RealNotice notice) => notice["Svom_Identifiers.Alert_Seq_T0"] is { } t0 ? RealNotice.Time(t0) : null;

        private static Pointing Attitude(RealNotice n) =>
            new(n.Number("Satellite_Info.Attitude_Ra"), n.Number("Satellite_Info.Attitude_Dec"), n.Number("Satellite_Info.Attitude_Roll"));

        private static OrbitPlace? Orbit(RealNotice n) => n["Satellite_Info.Sat_Longitude"] is null
            ? null
            : new(n.Number("Satellite_Info.Sat_Longitude"), n.Number("Satellite_Info.Sat_Latitude"), n.Number("Satellite_Info.Sat_Altitude"));

        private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

        // A packet's own time has whole seconds.
        private static DateTimeOffset Seconds(DateTimeOffset at) => new(at.Ticks - (at.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
    }
}
