namespace Svom.Postgres;

/// <summary>
/// Names as PostgreSQL can hold them: its text knows no U+0000. That one and U+0001 are written as U+0001 and a digit, which keeps
/// the order of names and leaves all that people use as it is.
/// </summary>
internal static class PostgresText
{
    private const char Escape = '\u0001';

    public static string Store(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', Escape) < 0
            ? text
            : text.Replace("\u0001", "\u00011", StringComparison.Ordinal).Replace("\0", "\u00010", StringComparison.Ordinal);

    public static string Read(string stored) =>
        !stored.Contains(Escape, StringComparison.Ordinal)
            ? stored
            : stored.Replace("\u00010", "\0", StringComparison.Ordinal).Replace("\u00011", "\u0001", StringComparison.Ordinal);

    public static string[] Store<T>(IReadOnlyCollection<T> rows, Func<T, string> name)
    {
        var texts = new string[rows.Count];
        var n = 0;
        foreach (var row in rows)
        {
            texts[n++] = Store(name(row));
        }

        return texts;
    }
}
