using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Svom.Demo;

/// <summary>Reads what a rehearsal came to as any scientist reads it: at the REST door, without a token.</summary>
internal sealed partial class RunReader(HttpClient door)
{
    private const string ThisBurst = "{burst}";
    private static readonly string[] StateMembers = ["observation", "t0", "slewStatus", "validated", "status", "classification", "acknowledgedBy"];

    public async Task<ToldRun> ReadAsync(string session, CancellationToken cancellationToken)
    {
        var whole = await ItemsAsync($"/api/v1/packets?session={session}", cancellationToken);
        var recovered = await ItemsAsync($"/api/v1/packets?session={session}&recovered=true", cancellationToken);
        var bursts = ImmutableArray.CreateBuilder<ToldBurst>();
        foreach (var burst in await ItemsAsync($"/api/v1/bursts?session={session}", cancellationToken))
        {
            bursts.Add(await BurstAsync(burst, cancellationToken));
        }

        return new([.. whole.Concat(recovered).Select(Packet).DistinctBy(static packet => packet.Id)], bursts.ToImmutable());
    }

    /// <summary>All elements of a list, page by page.</summary>
    public async Task<IReadOnlyList<JsonElement>> ItemsAsync(string address, CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        for (string? cursor = null; ;)
        {
            var page = await JsonAsync($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=1000{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", cancellationToken);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            if ((cursor = page.GetProperty("next").GetString()) is null)
            {
                return items;
            }
        }
    }

    private async Task<ToldBurst> BurstAsync(JsonElement burst, CancellationToken cancellationToken)
    {
        var id = burst.GetProperty("id").GetString()!;
        var timeline = (await JsonAsync($"/api/v1/bursts/{id}/timeline", cancellationToken)).GetProperty("items").EnumerateArray()
            .Select(static entry => (Kind: entry.GetProperty("kind").GetString()!, Text: entry.GetProperty("text").GetString()!)).ToArray();
        var notices = ImmutableArray.CreateBuilder<ToldNotice>();
        foreach (var notice in (await ItemsAsync($"/api/v1/bursts/{id}/notices", cancellationToken)).Reverse())
        {
            notices.Add(await NoticeAsync(id, notice, timeline, cancellationToken));
        }

        var messages = ImmutableArray.CreateBuilder<ToldMessage>();
        foreach (var message in (await JsonAsync($"/api/v1/bursts/{id}/messages", cancellationToken)).GetProperty("items").EnumerateArray())
        {
            messages.Add(await MessageAsync(message, cancellationToken));
        }

        return new(
            id, State(burst), [.. burst.GetProperty("completeness").EnumerateArray().Select(Count)],
            [.. (await ItemsAsync($"/api/v1/bursts/{id}/packets", cancellationToken)).Select(Packet).DistinctBy(static packet => packet.Id)],
            messages.ToImmutable(), notices.ToImmutable(), Facts(timeline), [.. burst.GetProperty("related").EnumerateArray().Select(static one => one.GetString()!)],
            await PositionAwaitedAsync(id, cancellationToken));
    }

    private static ImmutableSortedDictionary<string, string> State(JsonElement burst)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var member in StateMembers)
        {
            values.AddRange(Leaves.Of(burst.GetProperty(member), member));
        }

        foreach (var position in burst.GetProperty("positions").EnumerateArray())
        {
            values.AddRange(Leaves.Of(position, $"position[{position.GetProperty("instrument").GetString()}]").Where(static value => !value.Key.EndsWith(".instrument", StringComparison.Ordinal)));
        }

        if (burst.GetProperty("best") is { ValueKind: JsonValueKind.Object } best)
        {
            values["best"] = best.GetProperty("instrument").GetString()!;
        }

        return values.ToImmutable();
    }

    private static ToldCount Count(JsonElement row) => new(
        row.GetProperty("kind").GetString()!, Number(row, "apid"), row.GetProperty("heard").GetInt32(), Number(row, "missing"), row.GetProperty("expected").GetInt32(),
        row.GetProperty("present").GetInt32(), row.GetProperty("late").GetInt32(), row.GetProperty("recovered").GetInt32());

    private static ToldPacket Packet(JsonElement packet) => new(
        packet.GetProperty("id").GetString()!, packet.GetProperty("apid").GetInt32(), packet.GetProperty("kind").GetString()!, packet.GetProperty("sequenceCount").GetInt32(),
        packet.GetProperty("verdict").GetString() == "recovered" && packet.GetProperty("recovered") is { ValueKind: JsonValueKind.Object } how && Number(how, "linked") is null);

    private async Task<ToldMessage> MessageAsync(JsonElement message, CancellationToken cancellationToken)
    {
        var content = await JsonAsync(message.GetProperty("href").GetString()!, cancellationToken);
        var values = content.EnumerateObject().Where(static member => member.Name != "message").SelectMany(static member => Leaves.Of(member.Value, member.Name));
        return new(
            message.GetProperty("id").GetString()!, message.GetProperty("kind").GetString()!, message.GetProperty("expected").GetInt32(),
            [.. message.GetProperty("missing").EnumerateArray().Select(static part => part.GetInt32())], values.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    private async Task<ToldNotice> NoticeAsync(string burst, JsonElement notice, (string Kind, string Text)[] timeline, CancellationToken cancellationToken)
    {
        var id = notice.GetProperty("id").GetString()!;
        var xml = XDocument.Parse(Without(burst, await door.GetStringAsync(new Uri($"/api/v1/notices/{id}.xml", UriKind.Relative), cancellationToken)));
        xml.Descendants("Date").Remove();
        using var json = JsonDocument.Parse(Without(burst, await door.GetStringAsync(new Uri($"/api/v1/notices/{id}.json", UriKind.Relative), cancellationToken)));
        var fields = Leaves.Of(json.RootElement).Remove("alert_datetime").SetItem(NoticeComparison.VoEvent, xml.ToString(SaveOptions.DisableFormatting));
        if (notice.GetProperty("heldBecause").GetString() is { } why)
        {
            fields = fields.SetItem(NoticeComparison.HeldBecause, Without(burst, why));
        }

        var made = Array.FindIndex(timeline, entry => entry.Kind == "notice" && entry.Text.StartsWith($"{id} is ", StringComparison.Ordinal));
        return new(id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..], notice.GetProperty("state").GetString()!, Facts(made < 0 ? timeline : timeline[..made]), fields);
    }

    private static string Without(string burst, string text) => text.Replace(burst, ThisBurst, StringComparison.Ordinal);

    private async Task<bool> PositionAwaitedAsync(string burst, CancellationToken cancellationToken)
    {
        using var answer = await door.GetAsync(new Uri($"/api/v1/bursts/{burst}/follow-through", UriKind.Relative), cancellationToken);
        if (answer.StatusCode is not HttpStatusCode.OK)
        {
            return false;
        }

        using var summary = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        return summary.RootElement.GetProperty("steps").EnumerateArray().Any(static step =>
            step.GetProperty("step").GetString() == "position" && step.GetProperty("outcome").ValueKind is JsonValueKind.Null && step.GetProperty("overdue").GetBoolean());
    }

    private async Task<JsonElement> JsonAsync(string address, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(await door.GetByteArrayAsync(new Uri(address, UriKind.Relative), cancellationToken));
        return json.RootElement.Clone();
    }

    private static int? Number(JsonElement of, string name) => of.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;

    /// <summary>What decisions follow from: packets, acts that took effect, and deadlines.</summary>
    private static ImmutableArray<ToldFact> Facts(IEnumerable<(string Kind, string Text)> timeline) =>
        [.. timeline.Where(static entry => entry.Kind is "packet" or "deadline" || (entry.Kind == "act" && !Asked().IsMatch(entry.Text)))
            .Select(static entry => HowItCame().Match(entry.Text) is { Success: true } how ? new ToldFact(entry.Text[..how.Index], how.Groups["votes"].Success) : new(entry.Text))];

    [GeneratedRegex(@", (heard by \S+|(?<votes>recovered from broken copies))( \(late\))?\.$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HowItCame();

    [GeneratedRegex(@"^\S+ asks to ", RegexOptions.NonBacktracking)]
    private static partial Regex Asked();
}
