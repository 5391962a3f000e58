using Microsoft.Data.Sqlite;
using SQLitePCL;
using Svom.Sqlite;

namespace Svom.EventStore;

/// <summary>One append on its way through the writer. All its checks come before its first write, so a refusal leaves nothing.</summary>
internal sealed class AppendWork(
    Append append, long octets, TimeProvider time, Func<long> lastTicket, Action<LandedAppend>? landed, CancellationToken cancellationToken) : WriteWork
{
    private readonly TaskCompletionSource<AppendResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AppendResult? _result;
    private bool _wrote;
    private StalePipelines? _stale;

    public override int Lane => (int)append.Lane;

    public override long Octets => octets;

    public override CancellationToken CancellationToken => cancellationToken;

    public Task<AppendResult> Answer => _answer.Task;

    public override void Apply(Connection connection)
    {
        var statements = connection.Part(static c => new AppendStatements(c));
        var (id, head) = statements.Head(append.Stream.Value);
        _result = Refusal(statements, id, head);
        _wrote = _result is null;
        if (_result is { Outcome: AppendOutcome.StaleHead })
        {
            _stale = statements.Stale;
            _stale.Refused(append.Stream.Value, append.ExpectedVersion, Ticket);
        }

        if (_wrote)
        {
            _result = new(AppendOutcome.Landed, head + 1, Write(connection, statements, id, head));
        }
    }

    public override void Committed()
    {
        if (_result!.Outcome == AppendOutcome.StaleHead)
        {
            _stale!.Answered(append.Stream.Value, lastTicket());
        }

        if (_wrote && landed is not null && append.Owed.Count + append.Due.Count + append.Archive.Count > 0)
        {
            landed(new(append, _result.Head, _result.Archived));
        }

        _answer.TrySetResult(_result);
    }

    public override void Failed(Exception failure)
    {
        if (failure is SqliteException { SqliteErrorCode: raw.SQLITE_TOOBIG })
        {
            _answer.TrySetResult(new(AppendOutcome.Malformed, 0, [], failure.Message));
            return;
        }

        _answer.TrySetException(new AppendUncertainException($"The commit of an append to {append.Stream} failed.", failure));
    }

    public override void Cancelled() => _answer.TrySetCanceled(cancellationToken);

    private AppendResult? Refusal(AppendStatements statements, long id, long head)
    {
        if (head != append.ExpectedVersion)
        {
            // The caller of an uncertain append may simply send it again: its own row answers it.
            return head > append.ExpectedVersion && HasRow(statements, id, append.ExpectedVersion + 1, append.Id)
                ? new(AppendOutcome.Landed, append.ExpectedVersion + 1, SequencesOf(statements))
                : new(AppendOutcome.StaleHead, head, [], $"the head is {head}, not {append.ExpectedVersion}");
        }

        if (statements.Stale.Covers(append.Stream.Value, append.ExpectedVersion, Ticket))
        {
            return new(AppendOutcome.StaleHead, head, [], "an append queued before it was stale");
        }

        if (append.Follows is { } follows && !(head > 0 && HasRow(statements, id, head, follows)))
        {
            return new(AppendOutcome.StaleHead, head, [], $"transition {head} is not {follows}");
        }

        foreach (var claim in append.Claims)
        {
            if (statements.Claimed.Bind(1, claim.Scope).Bind(2, claim.Key).Scalar() is not null)
            {
                return new(AppendOutcome.ClaimTaken, 0, [], $"{claim.Scope}/{claim.Key} is taken");
            }
        }

        foreach (var entry in append.Archive)
        {
            if (SequenceOf(statements, entry) is not null)
            {
                return new(AppendOutcome.ClaimTaken, 0, [], $"id {entry.Id} of archive {entry.Archive} is taken");
            }
        }

        return null;
    }

    private static bool HasRow(AppendStatements statements, long stream, long version, Guid appendId)
    {
        var row = statements.AppendAt.Bind(1, stream).Bind(2, version);
        var same = row.Step() && row.Guid(0) == appendId;
        row.Reset();
        return same;
    }

    private long[] SequencesOf(AppendStatements statements) =>
        [.. append.Archive.Select(entry => SequenceOf(statements, entry) ?? throw new InvalidOperationException($"{entry.Id} is not in {entry.Archive}."))];

    private static long? SequenceOf(AppendStatements statements, ArchiveEntry entry)
    {
        var (archive, _) = statements.ArchiveHead(entry.Archive);
        return archive == 0 ? null : statements.SequenceOf.Bind(1, archive).Bind(2, entry.Id).Scalar();
    }

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
