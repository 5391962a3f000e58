using Svom.Postgres;

namespace Svom.Products;

/// <summary>A content read chunk by chunk, each by a query of its own: a slow reader holds no connection.</summary>
internal sealed class PostgresContentStream(PostgresDatabase database, ContentAddress address, long id, long length) : ContentStream(address, length)
{
    private ReadOnlyMemory<byte> _chunk;
    private int _next;

    protected override async ValueTask<int> NextAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_chunk.IsEmpty)
        {
            var rows = await database.ReadAsync(
                c => c.RowsAsync("SELECT octets FROM chunk WHERE content = $1 AND n = $2", static row => row.Octets(0), cancellationToken, id, _next), cancellationToken);
            if (rows is not [var octets])
            {
                return 0;
            }

            (_chunk, _next) = (octets, _next + 1);
        }

        var read = Math.Min(buffer.Length, _chunk.Length);
        _chunk[..read].CopyTo(buffer);
        _chunk = _chunk[read..];
        return read;
    }
}
