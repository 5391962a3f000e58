using System.Globalization;
using System.Text;
using Svom.EventStore;

namespace Svom.Packets.Recovery;

/// <summary>Search rows of recoveries: which copies a packet came from, and into which packet a broken reception went.</summary>
internal static class RecoveryIndex
{
    private const string Copies = "recovered-from";
    private const string Packets = "recovered-into";

    // More copies than stations hear one packet say no more.
    private const int Most = 100;

    /// <summary>Rows of one broken copy and the packet that it is of.</summary>
    public static IEnumerable<IndexChange> Rows(FeedId feed, long position, string packet)
    {
        yield return new(Copies, $"{feed}/{packet}/{Text(position)}", Encoding.UTF8.GetBytes(Text(position)));
        yield return new(Packets, $"{feed}/{Text(position)}", Encoding.UTF8.GetBytes(packet));
    }

    /// <summary>Positions of the broken copies of a packet, ascending.</summary>
    public static async Task<IReadOnlyList<long>> FromAsync(IEventStore store, FeedId feed, string packet, CancellationToken cancellationToken)
    {
        var rows = await store.IndexAsync(Copies, $"{feed}/{packet}/", $"{feed}/{packet}0", Most, descending: false, cancellationToken);
        return [.. rows.Select(static row => long.Parse(Encoding.UTF8.GetString(row.Value.Span), CultureInfo.InvariantCulture))];
    }

    /// <summary>The packet that a broken reception is a copy of; null when nobody knows.</summary>
    public static async Task<string?> IntoAsync(IEventStore store, FeedId feed, long position, CancellationToken cancellationToken)
    {
        var key = $"{feed}/{Text(position)}";
        var rows = await store.IndexAsync(Packets, key, key + '\0', 1, descending: false, cancellationToken);
        return rows.Count > 0 ? Encoding.UTF8.GetString(rows[0].Value.Span) : null;
    }

    private static string Text(long position) => position.ToString("D19", CultureInfo.InvariantCulture);
}
