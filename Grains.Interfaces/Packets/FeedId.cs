namespace Svom.Packets;

/// <summary>
/// A feed: one spacecraft, live or in one rehearsal. Each feed has one log with one total order. A rehearsal is a feed of its
/// own: own packets, own duplicates, own burst numbers.
/// </summary>
/// <param name="Spacecraft">Short name of the spacecraft, for example <c>svom</c>.</param>
/// <param name="Session">Name of the rehearsal; null is the live feed.</param>
[GenerateSerializer, Immutable, Alias("svom.feed-id")]
public readonly record struct FeedId([property: Id(0)] string Spacecraft, [property: Id(1)] string? Session = null)
{
    private const char Separator = '~';

    /// <summary>True for the live feed: only it may raise real alerts.</summary>
    public bool Live => Session is null;

    /// <summary>The feed as a grain key: <c>svom</c> or <c>svom~night-drill</c>.</summary>
    public override string ToString() => Session is null ? Spacecraft : $"{Spacecraft}{Separator}{Session}";

    /// <summary>Reads a grain key back.</summary>
    public static FeedId Parse(string key)
    {
        var at = key.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0 ? new(key) : new(key[..at], key[(at + 1)..]);
    }

    /// <summary>A session or station name: 1 to 64 of a-z, A-Z, 0-9, '-', '_' and '.', beginning with a letter or digit.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= 64 } && char.IsAsciiLetterOrDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
