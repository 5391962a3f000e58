namespace Svom.Postgres;

/// <summary>Columns of rows as arrays.</summary>
internal static class PostgresArrays
{
    public static TValue[] Map<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var n = 0; n < values.Length; n++)
        {
            values[n] = value(rows[n]);
        }

        return values;
    }
}
