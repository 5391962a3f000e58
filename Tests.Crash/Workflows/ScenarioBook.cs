using System.Text;

namespace Svom.Crash;

/// <summary>What came of every scenario, as a text that people review; and what another way to run them may change of it.</summary>
internal static partial class ScenarioBook
{
    /// <summary>The outcome of a scenario that promises none: the first way in which it is run says it.</summary>
    public const string Anything = "?";

    /// <summary>Stands before the name of a local activity.</summary>
    public const string LocalSign = "~";

    /// <summary>The text: a head for each scenario, its outcome, its histories and its effects.</summary>
    public static string Write(IEnumerable<ScenarioReport> reports)
    {
        var text = new StringBuilder();
        foreach (var report in reports)
        {
            text.Append("# ").AppendLine(report.Name).Append("= ").AppendLine(Short(report.Outcome));
            foreach (var line in report.Histories)
            {
                text.Append("> ").AppendLine(line);
            }

            text.Append("* ").AppendLine(string.Join(' ', report.Effects));
        }

        return text.ToString();
    }

    public static IReadOnlyDictionary<string, ScenarioReport> Read(string text)
    {
        var reports = new Dictionary<string, ScenarioReport>(StringComparer.Ordinal);
        foreach (var lines in text.Split("# ", StringSplitOptions.RemoveEmptyEntries).Select(static part => part.Split('\n')))
        {
            reports[lines[0]] = new(
                lines[0], lines[1][2..], [.. lines.Where(static line => line.StartsWith("> ", StringComparison.Ordinal)).Select(static line => line[2..])], [],
                lines.First(static line => line.StartsWith("* ", StringComparison.Ordinal))[2..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return reports;
    }

    /// <summary>Outcomes that the scenarios themselves promise, and what no history may show.</summary>
    public static IEnumerable<string> Broken(IEnumerable<Scenario> scenarios, IEnumerable<ScenarioReport> reports)
    {
        var told = reports.ToDictionary(static report => report.Name, StringComparer.Ordinal);
        foreach (var scenario in scenarios)
        {
            var report = told[scenario.Name];
            if (scenario.Outcome != Anything && report.Outcome != scenario.Outcome)
            {
                yield return $"{scenario.Name}: '{Short(report.Outcome)}', promised is '{Short(scenario.Outcome)}'";
            }

            foreach (var fault in report.Faults)
            {
                yield return $"{scenario.Name}: {fault}";
            }
        }
    }

    /// <summary>Whatever way it ran: the same histories, the same effects.</summary>
    public static IEnumerable<string> Differences(IEnumerable<ScenarioReport> reports, IReadOnlyDictionary<string, ScenarioReport> book)
    {
        foreach (var report in reports)
        {
            if (!book.TryGetValue(report.Name, out var known))
            {
                yield return $"{report.Name} is not in the book";
                continue;
            }

            if (Short(report.Outcome) != known.Outcome)
            {
                yield return $"{report.Name}: '{Short(report.Outcome)}', in the book '{known.Outcome}'";
            }

            foreach (var (line, wanted) in Pairs(report.Histories, known.Histories).Concat(Pairs(report.Effects, known.Effects)))
            {
                yield return $"{report.Name}: '{line}', in the book '{wanted}'";
            }
        }
    }

    /// <summary>
    /// After a death: the same outcome and the same history but for attempts and tasks that failed, and each effect as often as before or once more, for
    /// the attempt that was in flight. Where attempts are counted, the lost one may have been the last: then the failure says so.
    /// </summary>
    public static IEnumerable<string> DifferencesAfterDeath(IEnumerable<Scenario> scenarios, IEnumerable<ScenarioReport> reports, IReadOnlyDictionary<string, ScenarioReport> book)
    {
        var told = reports.ToDictionary(static report => report.Name, StringComparer.Ordinal);
        foreach (var scenario in scenarios)
        {
            var (report, known) = (told[scenario.Name], book[scenario.Name]);
            foreach (var fault in report.Faults)
            {
                yield return $"{scenario.Name}: {fault}";
            }

            var promised = scenario.Outcome == Anything ? known.Outcome : scenario.Outcome;
            if (report.Outcome != promised && Short(report.Outcome) != promised && !(scenario.CountsAttempts && MayBeLost(report.Outcome)))
            {
                yield return $"{scenario.Name}: '{Short(report.Outcome)}', promised is '{Short(promised)}'";
            }
            else if (!scenario.CountsAttempts)
            {
                foreach (var (line, wanted) in Pairs([.. report.Histories.Select(WithoutMoment)], [.. known.Histories.Select(WithoutMoment)]))
                {
                    yield return $"{scenario.Name}: '{line}', in the book '{wanted}'";
                }
            }

            foreach (var twice in Repeats(report, known, mayLose: scenario.CountsAttempts))
            {
                yield return $"{scenario.Name}: {twice}";
            }
        }
    }

    private static bool MayBeLost(string outcome) => outcome.Contains("WorkerLost", StringComparison.Ordinal) || outcome.Contains("timeout", StringComparison.Ordinal);

    private static IEnumerable<string> Repeats(ScenarioReport report, ScenarioReport known, bool mayLose)
    {
        var (now, then) = (Counts(report), Counts(known));
        foreach (var (name, keys) in now)
        {
            // Drawn keys differ from run to run: the names are compared, and of each name the keys by their counts.
            var allowed = then.GetValueOrDefault(name, []);
            // Attempts of a local activity are not written down one by one: a death begins it anew.
            var local = name.Contains(LocalSign, StringComparison.Ordinal);
            if (keys.Count > allowed.Count || keys.Order().Reverse().Zip(allowed.Order().Reverse()).Any(pair => pair.First > (local ? pair.Second * 2 : pair.Second + 1)))
            {
                yield return $"effect {name} {string.Join(',', keys)} times, in the book {string.Join(',', allowed)}";
            }
        }

        foreach (var name in then.Keys.Where(name => !mayLose && !now.ContainsKey(name)))
        {
            yield return $"effect {name} is lost";
        }
    }

    private static Dictionary<string, List<int>> Counts(ScenarioReport report) => report.Effects
        .Select(static effect => effect.Split('*')).GroupBy(static parts => parts[0], StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => group.Select(static parts => int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)).ToList(), StringComparer.Ordinal);

    private static IEnumerable<(string Line, string Wanted)> Pairs(string[] lines, string[] wanted)
    {
        for (var i = 0; i < Math.Max(lines.Length, wanted.Length); i++)
        {
            var (line, known) = (i < lines.Length ? lines[i] : "nothing", i < wanted.Length ? wanted[i] : "nothing");
            if (line != known)
            {
                yield return (line, known);
            }
        }
    }

    private static string WithoutMoment(string line) => OfTheMoment().Replace(line, "");

    private static string Short(string text) => text.Length > 400 ? $"{text[..400]}…" : text;

    // Attempts of activities, and tasks that failed: code that is broken is broken again after a death, until it is mended again.
    [System.Text.RegularExpressions.GeneratedRegex(@"(?<=ActivityStarted\([^ )]*)#\d+(?=\))| TaskFailed:\w+", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, 1_000)]
    private static partial System.Text.RegularExpressions.Regex OfTheMoment();
}
