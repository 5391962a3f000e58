namespace Svom.Storage;

/// <summary>Points at which a process can die or a disk can fail, in the order a commit passes them.</summary>
internal enum StorageStep
{
    BeforeBegin,
    HeadMoved,
    EventWritten,
    ClaimWritten,
    ArchiveWritten,
    OwedWritten,
    DueWritten,
    IndexWritten,
    SnapshotWritten,
    Settled,
    SeenWritten,
    ContentWritten,
    ReceptionWritten,
    FeedMoved,
    CheckpointSaved,
    StateWritten,
    BeforeCommit,
    AfterCommit,
    FileWritten,
    FileNamed,
}

/// <summary>Lets a test kill or fail the writer at a step. Not there in production.</summary>
internal interface IStorageFaults
{
    /// <param name="step">Where the writer is.</param>
    /// <param name="subject">What it works on: the append, the batch; null for the transaction as a whole.</param>
    void At(StorageStep step, object? subject);
}
