using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Svom.Postgres;
using Svom.Storage;

namespace Svom.Products;

/// <summary>Contents in a PostgreSQL database that several silos share: rows of 1 MiB at most, written in one transaction.</summary>
public sealed class PostgresContentStore : IContentStore, IAsyncDisposable
{
    private const string Schema = "svom_content";

    private static readonly PostgresSchema Tables = new(Schema, ["postgres-content-1.sql"]);

    private readonly PostgresDatabase _database;
    private readonly IStorageFaults? _faults;

    public PostgresContentStore(IOptions<StorageOptions> options, TimeProvider time)
        : this(options.Value, time, null)
    {
    }

    internal PostgresContentStore(StorageOptions options, TimeProvider time, IStorageFaults? faults)
    {
        (_database, _faults) = (new(options.ConnectionString, Schema, options.ReadConnections, time), faults);
        _database.Prepare(Tables);
    }

    public async Task<ContentAddress> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var address = ContentAddress.FromSha256(SHA256.HashData(content.Span));
        await PutAsync(address, content.Length, new MemoryChunks(content), cancellationToken);
        return address;
    }

    public async Task<ContentAddress> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        // Kept beside first: a slow sender must not hold a transaction, and a put that failed is begun anew. The system makes a file that nobody else may read.
        await using var file = new FileStream(Path.GetTempFileName(), new FileStreamOptions { Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        await content.CopyToAsync(file, cancellationToken);
        file.Position = 0;
        var address = ContentAddress.FromSha256(await SHA256.HashDataAsync(file, cancellationToken));
        await PutAsync(address, file.Length, new FileChunks(file), cancellationToken);
        return address;
    }

    public async Task<Stream?> OpenAsync(ContentAddress address, CancellationToken cancellationToken)
    {
        var found = await _database.ReadAsync(
            c => c.RowsAsync(
                "SELECT id, length FROM content WHERE address = $1", static row => (Id: row.GetInt64(0), Length: row.GetInt64(1)), cancellationToken, address.ToSha256()),
            cancellationToken);
        return found is [var content] ? new PostgresContentStream(_database, address, content.Id, content.Length) : null;
    }

    public async Task<bool> ExistsAsync(ContentAddress address, CancellationToken cancellationToken) => await _database.ReadAsync(
        c => c.NumberAsync("SELECT id FROM content WHERE address = $1", cancellationToken, address.ToSha256()), cancellationToken) is not null;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    // Like a read it may be asked again: what a lost answer left behind is found by its name.
    private async Task PutAsync(ContentAddress address, long length, IContentChunks chunks, CancellationToken cancellationToken) => await _database.ReadAsync(
        async connection =>
        {
            var id = await connection.NumberAsync(
                "SELECT CASE WHEN EXISTS (SELECT 1 FROM content WHERE address = $1) THEN NULL ELSE nextval('content_id') END", cancellationToken, address.ToSha256());
            if (id is { } number)
            {
                await new PostgresContentPut(connection, number, _faults).RunAsync(address, length, chunks, cancellationToken);
            }

            return id;
        },
        cancellationToken);
}
