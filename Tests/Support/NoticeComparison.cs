using System.Globalization;
using System.Text.RegularExpressions;

namespace Svom.Support;

/// <summary>
/// A real notice against ours, field by field. Not compared: Who and Date, layout, case of IVORNs and UCDs, the burst's number of the day, and
/// Alert_Seq_T0 where the real one lacks it.
/// </summary>
public static partial class NoticeComparison
{
    private const double Position = 0.00011;
    private const double Radius = 0.00021;
    private const double Hundredth = 0.011;

    private static readonly Dictionary<string, double> Tolerances = new(StringComparer.Ordinal)
    {
        ["Galactic_Lon"] = Hundredth,
        ["Galactic_Lat"] = Hundredth,
        ["Moon_Angle"] = Hundredth,
        ["Sun_Angle"] = Hundredth,
        ["ECLAIRs_Angle"] = 0.021,
        ["Sat_Longitude"] = Hundredth,
        ["Sat_Latitude"] = Hundredth,
        ["Sat_Altitude"] = Hundredth,
        ["Attitude_Ra"] = Hundredth,
        ["Attitude_Dec"] = Hundredth,
        ["Attitude_Roll"] = Hundredth,
    };

    private static readonly string[] Circles = ["Galactic_Lon", "Sat_Longitude", "Attitude_Ra", "Attitude_Roll"];

    public static List<string> Differences(RealNotice real, RealNotice ours)
    {
        var found = new List<string>();
        void Put(string what, string? theirs, string? own)
        {
            if (theirs != own)
            {
                found.Add($"{what}: real '{theirs}' ours '{own}'");
            }
        }

        Put("ivorn", Plain(real.Document.Ivorn), Plain(ours.Document.Ivorn));
        Put("role", real.Document.Role, ours.Document.Role);
        Put("ISOTime", real.Document.WhereWhen.IsoTime, ours.Document.WhereWhen.IsoTime);
        foreach (var (key, param) in real.Params)
        {
            found.AddRange(Differences(key, param, ours.Params.GetValueOrDefault(key)));
        }

        var excess = ours.Params.Keys.Where(k => !real.Params.ContainsKey(k) && k != "Svom_Identifiers.Alert_Seq_T0");
        found.AddRange(excess.Select(k => $"{k}: not in the real one, ours '{ours[k]}'"));
        var (order, own) = (real.Order, ours.Order.Where(o => o != "Alert_Seq_T0" || real.Order.Contains(o)).ToList());
        Put("order", string.Join(' ', order), string.Join(' ', own));
        var (here, there) = (real.Document.WhereWhen.Position, ours.Document.WhereWhen.Position);
        Put("position", here is null ? "none" : "one", there is null ? "none" : "one");
        if (here is not null && there is not null)
        {
            found.AddRange(Near("C1", here.Ra, there.Ra, Position).Concat(Near("C2", here.Dec, there.Dec, Position)).Concat(Near("Error2Radius", here.Error2Radius, there.Error2Radius, Radius)));
        }

        Put("How", $"{real.Document.How}", $"{ours.Document.How}");
        Put("Citations", Citations(real), Citations(ours));
        return found;
    }

    private static IEnumerable<string> Differences(string key, VoEvent.VoEventParam real, VoEvent.VoEventParam? ours)
    {
        if (ours is null)
        {
            return [$"{key}: real '{real.Value}', ours has none"];
        }

        var values = Tolerances.TryGetValue(real.Name, out var tolerance)
            ? Near(key, real.Value, ours.Value, tolerance, Circles.Contains(real.Name))
            : Plain(real.Value) == Plain(ours.Value) ? [] : [$"{key}: real '{real.Value}' ours '{ours.Value}'"];
        return values
            .Concat(real.Unit == ours.Unit ? [] : [$"{key} unit: real '{real.Unit}' ours '{ours.Unit}'"])
            .Concat(string.Equals(real.Ucd, ours.Ucd, StringComparison.OrdinalIgnoreCase) ? [] : [$"{key} ucd: real '{real.Ucd}' ours '{ours.Ucd}'"]);
    }

    private static IEnumerable<string> Near(string what, string real, string ours, double tolerance, bool circle = false)
    {
        var difference = double.Parse(real, CultureInfo.InvariantCulture) - double.Parse(ours, CultureInfo.InvariantCulture);
        difference = circle ? ((difference + 540) % 360) - 180 : difference;
        var sameDecimals = Decimals(real) == Decimals(ours);
        return Math.Abs(difference) <= tolerance && sameDecimals ? [] : [$"{what}: real '{real}' ours '{ours}'"];
    }

    private static int Decimals(string number) => number.Length - 1 - number.IndexOf('.', StringComparison.Ordinal);

    private static string Citations(RealNotice n) =>
        string.Join(' ', (n.Document.Citations?.Events ?? []).Select(static c => $"{c.Cite}:{Plain(c.Ivorn).ToLowerInvariant()}")) + n.Document.Citations?.Description;

    private static string Plain(string text) => Number().Replace(text, "${day}NN");

    [GeneratedRegex(@"(?<day>sb\d{6})\d{2,3}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
