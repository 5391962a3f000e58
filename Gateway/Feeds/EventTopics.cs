using System.Collections.Immutable;
using System.Globalization;
using Svom.Bursts;
using Svom.Packets;

namespace Svom.Feeds;

/// <summary>
/// What a reader of events asked for. Topics are grouped by the feed that they are read from, because a feed has one order and one number says up
/// to where a reader has heard it.
/// </summary>
internal sealed class EventTopics
{
    public const string Notices = "notices";
    public const string Bursts = "bursts";
    public const string Telescopes = "telescopes";
    public const string Packets = "packets";
    public const string Form = "notices, bursts, telescopes, packets (live), test/notices, test/bursts, test/telescopes, test/packets/{session} (rehearsals), or the id of a burst";

    private const string Drill = "test/";
    private const int MostTopics = 32;

    private readonly HashSet<string> asked;

    private EventTopics(HashSet<string> asked)
    {
        this.asked = asked;
        BurstIds = [.. asked.Where(BurstDoor.IsId).Order(StringComparer.Ordinal)];
        Sessions = [.. asked.Where(IsPackets).Select(static topic => topic == Packets ? null : topic[(Drill.Length + Packets.Length + 1)..]).Order(StringComparer.Ordinal)];
        Feeds =
        [
            .. asked.Contains(Notices) || asked.Contains(Drill + Notices) ? (string[])[Notices] : [],
            .. AllBursts || !BurstIds.IsEmpty ? (string[])[Bursts] : [],
            .. asked.Contains(Telescopes) || asked.Contains(Drill + Telescopes) ? (string[])[Telescopes] : [],
            .. Sessions.Select(FeedOf),
        ];
    }

    /// <summary>Names of the feeds, each with a place of its own.</summary>
    public ImmutableArray<string> Feeds { get; }

    /// <summary>Bursts that were asked for by name.</summary>
    public ImmutableArray<string> BurstIds { get; }

    /// <summary>Packet feeds; null is the live one.</summary>
    public ImmutableArray<string?> Sessions { get; }

    /// <summary>True when bursts were asked for without a name.</summary>
    public bool AllBursts => asked.Contains(Bursts) || asked.Contains(Drill + Bursts);

    /// <summary>Name of a packet feed.</summary>
    public static string FeedOf(string? session) => session is null ? Packets : $"{Packets}/{session}";

    /// <returns>Null when the text is no list of topics.</returns>
    public static EventTopics? Parse(IEnumerable<string?> values)
    {
        var topics = values.SelectMany(static value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.Ordinal);
        return topics.Count is > 0 and <= MostTopics && topics.All(static topic => topic is Notices or Bursts or Telescopes or Drill + Notices or Drill + Bursts or Drill + Telescopes || IsPackets(topic) || BurstDoor.IsId(topic))
            ? new(topics) : null;
    }

    /// <summary>True when a notice belongs to what was asked for.</summary>
    public bool WantsNotice(string burst) => asked.Contains(IsRehearsal(burst) ? Drill + Notices : Notices);

    /// <summary>True when a burst belongs to what was asked for.</summary>
    public bool WantsBurst(string burst) => asked.Contains(IsRehearsal(burst) ? Drill + Bursts : Bursts) || asked.Contains(burst);

    /// <summary>True when what a telescope said about a burst belongs to what was asked for.</summary>
    public bool WantsTelescopes(string burst) => asked.Contains(IsRehearsal(burst) ? Drill + Telescopes : Telescopes);

    private static bool IsRehearsal(string burst) => burst.StartsWith("tb", StringComparison.Ordinal);

    private static bool IsPackets(string topic) =>
        topic == Packets || (topic.StartsWith($"{Drill}{Packets}/", StringComparison.Ordinal) && FeedId.IsName(topic[(Drill.Length + Packets.Length + 1)..]));
}

/// <summary>
/// Up to where a reader has heard each feed: the number alone where there is one feed, else <c>feed:number</c> of each, with commas. It goes out as the id
/// of every event and comes back as <c>Last-Event-ID</c>.
/// </summary>
internal static class EventPlace
{
    public static string Write(ImmutableArray<string> feeds, IReadOnlyDictionary<string, long> place) => feeds.Length == 1
        ? place[feeds[0]].ToString(CultureInfo.InvariantCulture)
        : string.Join(',', feeds.Select(feed => string.Create(CultureInfo.InvariantCulture, $"{feed}:{place[feed]}")));

    /// <returns>Null when it is no place; a feed that it does not name was not heard yet.</returns>
    public static IReadOnlyDictionary<string, long>? Read(ImmutableArray<string> feeds, string text)
    {
        if (feeds.Length == 1 && TryNumber(text, out var only))
        {
            return new Dictionary<string, long>(StringComparer.Ordinal) { [feeds[0]] = only };
        }

        var place = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in text.Split(','))
        {
            if (part.LastIndexOf(':') is not (> 0 and var colon) || !TryNumber(part[(colon + 1)..], out var number) || !place.TryAdd(part[..colon], number))
            {
                return null;
            }
        }

        return place;
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
