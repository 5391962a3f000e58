using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Svom.Storage;

namespace Svom.Sqlite;

/// <summary>
/// One prepared statement of one connection. The thin ADO.NET layer costs several times what SQLite itself needs for a small
/// row, and rows are what this program writes all day; so the writer and the bulk readers speak to SQLite directly.
/// </summary>
internal sealed class Statement : IDisposable
{
    private static readonly UTF8Encoding Utf8 = StoredText.Utf8;

    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;

    public Statement(sqlite3 db, string sql)
    {
        _db = db;
        Check(raw.sqlite3_prepare_v3(db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, double value)
    {
        Check(raw.sqlite3_bind_double(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, parameter, 0) : raw.sqlite3_bind_blob(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, Guid value)
    {
        Span<byte> octets = stackalloc byte[16];
        value.TryWriteBytes(octets, bigEndian: true, out _);
        return Bind(parameter, octets);
    }

    public Statement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    public Statement Bind(int parameter, string value)
    {
        var most = Utf8.GetMaxByteCount(value.Length);
        var rented = most <= 1024 ? null : ArrayPool<byte>.Shared.Rent(most);
        Span<byte> octets = rented ?? stackalloc byte[1024];
        var length = Utf8.GetBytes(value, octets);
        var result = raw.sqlite3_bind_text(_statement, parameter, octets[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        Check(result);
        return this;
    }

    /// <summary>Moves to the next row; false, and ready for the next use, when there is none.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        var failure = result == raw.SQLITE_DONE ? null : Failure(result);
        raw.sqlite3_reset(_statement);
        return failure is null ? false : throw failure;
    }

    /// <summary>Runs a statement that gives no rows, or whose rows do not matter.</summary>
    /// <returns>Rows changed by an INSERT, UPDATE or DELETE.</returns>
    public int Run()
    {
        while (Step())
        {
        }

        return raw.sqlite3_changes(_db);
    }

    /// <summary>First column of the first row, or null without a row or with SQL NULL.</summary>
    public long? Scalar()
    {
        var value = Step() && !IsNull(0) ? Int(0) : (long?)null;
        Reset();
        return value;
    }

    public void Reset() => raw.sqlite3_reset(_statement);

    public long Int(int column) => raw.sqlite3_column_int64(_statement, column);

    public double Real(int column) => raw.sqlite3_column_double(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(_statement, column);

    public byte[] Blob(int column) => Span(column).ToArray();

    // Through the octets, not as a C string: a name may hold any character.
    public string Text(int column) => Utf8.GetString(Span(column));

    public Guid Guid(int column) => new(Span(column), bigEndian: true);

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Failure(result);
        }
    }

    private SqliteException Failure(int result) =>
        new($"SQLite {result}: {raw.sqlite3_errmsg(_db).utf8_to_string()}", result & 0xFF, raw.sqlite3_extended_errcode(_db));
}
