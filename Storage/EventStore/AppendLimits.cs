using Svom.Storage;

namespace Svom.EventStore;

/// <summary>What an append may hold. Checked before it is queued, so that a broken append costs nobody a transaction.</summary>
internal static class AppendLimits
{
    public const int PayloadOctets = 16 << 20;
    public const int NameChars = 1024;
    public const int Parts = 4096;

    /// <summary>What is wrong with it, or null; and what it weighs in the queue.</summary>
    public static (string? Broken, long Octets) Check(Append append)
    {
        long octets = append.Payload.Length + (append.Snapshot?.Length ?? 0);
        foreach (var owed in append.Owed)
        {
            octets += owed.Payload.Length;
        }

        foreach (var entry in append.Archive)
        {
            octets += entry.Content.Length;
        }

        foreach (var change in append.Index)
        {
            octets += change.Value?.Length ?? 0;
        }

        return (Broken(append, octets), octets);
    }

    private static string? Broken(Append append, long octets) =>
        append.Id == Guid.Empty ? "an append needs an id"
        : append.ExpectedVersion < 0 ? $"expected version {append.ExpectedVersion} is below 0"
        : !Enum.IsDefined(append.Lane) ? $"there is no lane {(int)append.Lane}"
        : append.Payload.Length > PayloadOctets ? $"the payload has {append.Payload.Length} octets, at most {PayloadOctets} are stored"
        : octets > 4L * PayloadOctets ? $"all parts together have {octets} octets, at most {4L * PayloadOctets} are stored"
        : append.Owed.Count + append.Due.Count + append.Claims.Count + append.Archive.Count + append.Index.Count > Parts ? $"more than {Parts} parts"
        : NoName(append) is { } what ? $"{what} is empty, too long or no text"
        : First(append.Archive, static entry => StoredText.IsText(entry.Owner) && StoredText.IsText(entry.Kind) ? null : "an archive owner or kind is no text")
        ?? Repeated(append);

    private static string? Repeated(Append append)
    {
        if (append.Claims.Count > 1 && append.Claims.Distinct().Count() < append.Claims.Count)
        {
            return "a key is claimed twice";
        }

        return append.Archive.Count > 1 && append.Archive.DistinctBy(static entry => (entry.Archive, entry.Id)).Count() < append.Archive.Count
            ? "an archive id stands twice"
            : null;
    }

    private static bool IsName(string? name) => name is { Length: > 0 and <= NameChars } && StoredText.IsText(name);

    /// <summary>The first name that is none; null: all are.</summary>
    private static string? NoName(Append append) =>
        !IsName(append.Stream.Value) ? "the stream"
        : First(append.Owed, static owed => !IsName(owed.Route) ? "an owed route" : !IsName(owed.Target) ? "an owed target" : null)
        ?? First(append.Due, static due => IsName(due.Name) ? null : "a wake-up's name")
        ?? First(append.Claims, static claim => !IsName(claim.Scope) ? "a claim's scope" : !IsName(claim.Key) ? "a claim's key" : null)
        ?? First(append.Archive, static entry => !IsName(entry.Archive) ? "an archive" : !IsName(entry.Id) ? "an archive id" : null)
        ?? First(append.Index, static change => !IsName(change.Index) ? "an index" : !IsName(change.Key) ? "an index key" : null);

    // By number, not by enumerator: most appends have none of most of these, and asking must cost nothing.
    private static string? First<T>(IReadOnlyList<T> parts, Func<T, string?> broken)
    {
        for (var n = 0; n < parts.Count; n++)
        {
            if (broken(parts[n]) is { } what)
            {
                return what;
            }
        }

        return null;
    }
}
