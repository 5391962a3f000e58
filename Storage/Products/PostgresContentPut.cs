using Npgsql;
using Svom.Storage;

namespace Svom.Products;

/// <summary>
/// One transaction that writes a content. A small one is one message to the server. The row with the address, for which others may have to
/// wait, goes with the commit in the last message: whoever freezes before it holds nobody.
/// </summary>
internal sealed class PostgresContentPut(NpgsqlConnection connection, long id, IStorageFaults? faults)
{
    public const int ChunkOctets = 1 << 20;

    private const int ChunksOfMessage = 4;

    public async Task RunAsync(ContentAddress address, long length, IContentChunks chunks, CancellationToken cancellationToken)
    {
        var count = (int)((length + ChunkOctets - 1) / ChunkOctets);
        var n = 0;
        await using (var message = new NpgsqlBatch(connection))
        {
            Add(message, "BEGIN");
            while (true)
            {
                for (var left = ChunksOfMessage; left > 0 && n < count; left--, n++)
                {
                    Add(message, "INSERT INTO chunk (content, n, octets) VALUES ($1, $2, $3)", id, n, await chunks.ReadAsync(n, cancellationToken));
                }

                if (n == count)
                {
                    break;
                }

                await message.ExecuteNonQueryAsync(cancellationToken);
                message.BatchCommands.Clear();
            }

            faults?.At(StorageStep.BeforeCommit, address);
            Add(message, "INSERT INTO content (address, id, length) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", address.ToSha256(), id, length);
            Add(message, "DELETE FROM chunk WHERE content = $1 AND NOT EXISTS (SELECT 1 FROM content WHERE id = $1)", id);
            Add(message, "COMMIT");
            await message.ExecuteNonQueryAsync(cancellationToken);
        }

        faults?.At(StorageStep.AfterCommit, address);
    }

    private static void Add(NpgsqlBatch message, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        message.BatchCommands.Add(command);
    }
}

/// <summary>A content in parts of <see cref="PostgresContentPut.ChunkOctets"/>, the last one shorter; any of them may be asked for again.</summary>
internal interface IContentChunks
{
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(int n, CancellationToken cancellationToken);
}

internal sealed class MemoryChunks(ReadOnlyMemory<byte> content) : IContentChunks
{
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(int n, CancellationToken cancellationToken)
    {
        var rest = content[(n * PostgresContentPut.ChunkOctets)..];
        return new(rest[..Math.Min(rest.Length, PostgresContentPut.ChunkOctets)]);
    }
}

internal sealed class FileChunks(FileStream file) : IContentChunks
{
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int n, CancellationToken cancellationToken)
    {
        file.Position = (long)n * PostgresContentPut.ChunkOctets;
        var chunk = new byte[Math.Min(PostgresContentPut.ChunkOctets, file.Length - file.Position)];
        await file.ReadExactlyAsync(chunk, cancellationToken);
        return chunk;
    }
}
