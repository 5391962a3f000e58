using Microsoft.Data.Sqlite;
using SQLitePCL;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.EventStore;

/// <summary>One append on its way through the writer. All its checks come before its first write, so a refusal leaves nothing.</summary>
internal sealed class AppendWork(
    Append append, long octets, TimeProvider time, Func<long> lastTicket, Action<LandedAppend>? landed, CancellationToken cancellationToken) : WriteWork
{
    private readonly AppendAnswer _answer = new(append, lastTicket, landed);

    public override int Lane => (int)append.Lane;

    public override long Octets => octets;

    public override CancellationToken CancellationToken => cancellationToken;

    public Task<AppendResult> Answer => _answer.Task;

    public override void Apply(Connection connection)
    {
        var statements = connection.Part(static c => new AppendStatements(c));
        if (AppendJudge.Refusal(append, Ticket, statements, statements.Stale) is { } refusal)
        {
            _answer.Refuse(refusal, Ticket, statements.Stale);
            return;
        }

        var (id, head) = statements.Stream(append.Stream.Value);
        _answer.Take(head + 1, Write(connection, statements, id, head));
    }

    public override void Committed() => _answer.Committed();

    public override void Failed(Exception failure)
    {
        if (failure is SqliteException { SqliteErrorCode: raw.SQLITE_TOOBIG })
        {
            _answer.TooLarge(failure.Message);
        }
        else
        {
            _answer.Failed(failure);
        }
    }

    public override void Cancelled() => _answer.Cancelled(cancellationToken);

    private long[] Write(Connection connection, AppendStatements statements, long id, long head)
    {
        var faults = connection.Faults;
        id = statements.MoveHead(append.Stream.Value, id, head);
        faults?.At(StorageStep.HeadMoved, append);

        statements.Event.Bind(1, id).Bind(2, head + 1).Bind(3, append.Id).Bind(4, time.GetUtcNow().UtcTicks).Bind(5, append.Payload.Span).Run();
        var seq = connection.LastRowId;
        faults?.At(StorageStep.EventWritten, append);

        foreach (var claim in append.Claims)
        {
            statements.Claim.Bind(1, claim.Scope).Bind(2, claim.Key).Bind(3, seq).Run();
            faults?.At(StorageStep.ClaimWritten, append);
        }

        WriteOwed(statements, seq, faults);
        WriteDue(statements, id, faults);
        WriteIndex(statements, id, faults);
        if (append.Snapshot is { Length: > 0 } snapshot)
        {
            statements.Snapshot.Bind(1, id).Bind(2, head + 1).Bind(3, snapshot.Span).Run();
            faults?.At(StorageStep.SnapshotWritten, append);
        }

        return WriteArchive(statements, faults);
    }

    private long[] WriteArchive(AppendStatements statements, IStorageFaults? faults)
    {
        if (append.Archive.Count == 0)
        {
            return [];
        }

        var sequences = new long[append.Archive.Count];
        for (var n = 0; n < sequences.Length; n++)
        {
            var entry = append.Archive[n];
            var (archive, sequence) = statements.NextSequence(entry.Archive);
            statements.Archive.Bind(1, archive).Bind(2, sequence).Bind(3, entry.Id).Bind(4, entry.Owner).Bind(5, entry.Kind)
                .Bind(6, entry.At.UtcTicks).Bind(7, entry.Content.Span).Run();
            faults?.At(StorageStep.ArchiveWritten, append);
            sequences[n] = sequence;
        }

        return sequences;
    }

    private void WriteOwed(AppendStatements statements, long seq, IStorageFaults? faults)
    {
        for (var n = 0; n < append.Owed.Count; n++)
        {
            var owed = append.Owed[n];
            statements.Owe.Bind(1, (seq << 16) + n).Bind(2, append.Stream.Shard).Bind(3, owed.Route).Bind(4, owed.Target).Bind(5, owed.Payload.Span).Run();
            faults?.At(StorageStep.OwedWritten, append);
        }
    }

    private void WriteDue(AppendStatements statements, long stream, IStorageFaults? faults)
    {
        foreach (var due in append.Due)
        {
            _ = due.At is { } at
                ? statements.SetDue.Bind(1, stream).Bind(2, due.Name).Bind(3, at.UtcTicks).Bind(4, append.Stream.Shard).Run()
                : statements.ClearDue.Bind(1, stream).Bind(2, due.Name).Run();
            faults?.At(StorageStep.DueWritten, append);
        }
    }

    private void WriteIndex(AppendStatements statements, long stream, IStorageFaults? faults)
    {
        foreach (var change in append.Index)
        {
            _ = change.Value is { } value
                ? statements.SetIndex.Bind(1, change.Index).Bind(2, change.Key).Bind(3, stream).Bind(4, value.Span).Run()
                : statements.ClearIndex.Bind(1, change.Index).Bind(2, change.Key).Bind(3, stream).Run();
            faults?.At(StorageStep.IndexWritten, append);
        }
    }
}
