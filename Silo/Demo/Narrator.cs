using System.Globalization;
using Spectre.Console;

namespace Svom.Demo;

/// <summary>Tells the story on the terminal, one line a happening: seconds since the start, mission time, who speaks, what.</summary>
internal sealed class Narrator(IAnsiConsole console, TimeProvider time)
{
    private readonly Lock turn = new();
    private long began = time.GetTimestamp();

    public void Begin() => began = time.GetTimestamp();

    public void Title(string text)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold]{Markup.Escape(text)}[/]") { Justification = Justify.Left });
    }

    public void Say(string text) => console.MarkupLine($"[grey]{Markup.Escape(text)}[/]");

    /// <summary>What the satellite and the stations do.</summary>
    public void Sky(DateTimeOffset mission, string text) => Line(mission, "sky", "deepskyblue1", text);

    /// <summary>What a person does.</summary>
    public void Person(DateTimeOffset mission, string text) => Line(mission, "expert", "orchid", text);

    /// <summary>What the platform notes and decides.</summary>
    public void Platform(DateTimeOffset? mission, string text) => Line(mission, "platform", "grey70", text);

    /// <summary>What went out to the telescopes.</summary>
    public void Telescopes(DateTimeOffset? mission, string text) => Line(mission, "telescopes", "bold yellow", text);

    public void Verdict(bool good, string text) => console.MarkupLine($"{(good ? "[green]✔[/]" : "[red]✘[/]")} {Markup.Escape(text)}");

    public void Table(IEnumerable<(string Notice, string State, string After, string Latency)> rows, string archive)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("notice", "state", "at the telescope", "decision to echo");
        foreach (var (notice, state, after, latency) in rows)
        {
            table.AddRow(Markup.Escape(notice), state == "sent" ? "[yellow]sent[/]" : "[grey]held[/]", Markup.Escape(after), Markup.Escape(latency));
        }

        console.Write(table);
        Say($"Read them at {archive}");
    }

    /// <summary>Any other table.</summary>
    public void Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns(columns);
        foreach (var row in rows)
        {
            table.AddRow(row.Select(Markup.Escape).ToArray());
        }

        console.Write(table);
    }

    private void Line(DateTimeOffset? mission, string who, string style, string text)
    {
        var elapsed = time.GetElapsedTime(began).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        var at = mission?.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
        lock (turn)
        {
            console.MarkupLine($"[grey]{elapsed,6} s  {at,8}[/]  [{style}]{who,-10}[/]  {Markup.Escape(text)}");
        }
    }
}
