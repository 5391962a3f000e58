using System.Globalization;

namespace Svom.Crash;

/// <summary>
/// Programs drawn at random. What they tell depends on nothing but the program: waits are for words that the script says, what is cancelled
/// would never end by itself, and parallel work is told in the order of the program.
/// </summary>
internal static class InventedScenarios
{
    private const int Deepest = 3;

    /// <summary>The same seed, the same programs.</summary>
    public static IReadOnlyList<Scenario> Of(int seed, int count) => [.. Enumerable.Range(0, count).Select(n => new Inventor(seed, n).Invent())];

    private sealed class Inventor(int seed, int number)
    {
        private readonly Random random = new(unchecked((seed * 7919) + number));
        private readonly string name = $"invented-{seed}-{number}";
        private readonly List<string> signals = [];
        private readonly List<Step> updates = [];
        private int names;

        // An activity that is asked to stop when its process dies is not begun again.
        private bool losable;

        public Scenario Invent()
        {
            var body = Steps(0);
            var goesOn = random.Next(4) == 0;
            for (var n = goesOn ? 0 : random.Next(4); n > 0; n--)
            {
                updates.Add(random.Next(5) == 0 ? Do.Say("x") with { Text = "no" } : Leaf());
            }

            var heard = Do.All([.. signals.Append("end").Select(static signal => Do.Wait(signal))]);
            var tail = goesOn ? Do.ContinueAsNew(Do.Seq(Quiet(), Quiet(), Do.SideEffect())) : random.Next(8) == 0 ? Do.Fail("end") : Do.Say("end");
            var program = Do.Seq([.. body, heard, Do.Handlers(), tail]);
            return new(name, ScenarioBook.Anything, stage => PlayAsync(stage, program)) { Unordered = true, CountsAttempts = losable };
        }

        private async Task<string> PlayAsync(Stage stage, Step program)
        {
            var handle = await stage.StartAsync(program);
            var asked = updates.Select((update, n) => stage.AskAsync(update, $"u{n}")).ToArray();
            foreach (var signal in signals)
            {
                await stage.SayAsync(signal, signal);
            }

            // Asked again after the end, a rejected one finds no run: what it is told then says nothing.
            var answers = (await Task.WhenAll(asked)).Where(static answer => !answer.StartsWith("refused", StringComparison.Ordinal) && !answer.StartsWith("update(", StringComparison.Ordinal));
            await stage.SayAsync("end", "end");
            return $"{string.Join(' ', answers)} = {await Stage.ResultAsync(handle)}";
        }

        private Step[] Steps(int depth) => [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Any(depth))];

        private Step Any(int depth) => depth >= Deepest ? Leaf() : random.Next(10) switch
        {
            0 => Do.Seq(Steps(depth + 1)),
            1 => Do.All(Steps(depth + 1)),
            2 => Do.Try(Do.Seq([.. Steps(depth + 1), Do.Fail(Name("f"))])),
            3 => Do.Child(Name("/c"), Quiet(), Quiet()),
            4 => Do.CancelWhen(Endless(), Do.Seq(Do.Timer(1), Do.Wait(Signal()))),
            5 => Do.Background(Quiet()),
            6 => Do.Wait(Signal()),
            _ => Leaf(),
        };

        private Step Leaf() => random.Next(12) switch
        {
            0 => Do.Timer(random.Next(20)),
            1 => Do.SideEffect(),
            2 => Do.Draw(),
            3 => Do.Patch(Name("p"), Quiet(), Do.Say("old")),
            4 => Do.Memo(Name("m"), "v"),
            5 => Do.Search(Name("k"), "v"),
            6 => Do.Info("parent"),
            7 or 8 => Do.Local(Name("l"), random.Next(3)),
            9 => Itself(),
            _ => Quiet(),
        };

        private Step Quiet() => random.Next(5) switch
        {
            0 => Do.Local(Name("l")),
            1 => Do.Timer(random.Next(10)),
            2 => Do.Seq(Do.Local(Name("l")), Do.Activity(Name("a"))),
            _ => Do.Activity(Name("a"), random.Next(3)),
        };

        private Step Endless() => random.Next(5) switch
        {
            0 => Do.Timer(600_000),
            1 => Do.Wait("never"),
            2 => Do.Child(Name("/c"), Do.Wait("never")) with { Cancel = 2 },
            3 => Do.Local(Name("l"), Act.Hang),
            _ => Losable(),
        };

        private Step Losable()
        {
            losable = true;
            return Do.Activity(Name("a"), Act.Hang);
        }

        private Step Itself()
        {
            var signal = Name("i");
            return Do.Seq(Do.SignalOther(name, signal, "self"), Do.Wait(signal));
        }

        private string Signal()
        {
            var signal = Name("s");
            signals.Add(signal);
            return signal;
        }

        private string Name(string kind) => kind + (++names).ToString(CultureInfo.InvariantCulture);
    }
}
