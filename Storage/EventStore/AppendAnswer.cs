namespace Svom.EventStore;

/// <summary>The caller's side of an append, whatever writes it.</summary>
/// <param name="append">The append.</param>
/// <param name="lastTicket">Ticket of the newest queued work.</param>
/// <param name="landed">Told of appends that leave something to do.</param>
internal sealed class AppendAnswer(Append append, Func<long> lastTicket, Action<LandedAppend>? landed)
{
    private readonly TaskCompletionSource<AppendResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AppendResult? _result;
    private bool _wrote;
    private StalePipelines? _stale;

    public Task<AppendResult> Task => _answer.Task;

    /// <summary>It writes nothing in the transaction at hand.</summary>
    public void Refuse(AppendResult refusal, long ticket, StalePipelines stale)
    {
        (_result, _wrote, _stale) = (refusal, false, null);
        if (refusal.Outcome == AppendOutcome.StaleHead)
        {
            _stale = stale;
            stale.Refused(append.Stream.Value, append.ExpectedVersion, ticket);
        }
    }

    /// <summary>It is written in the transaction at hand.</summary>
    public void Take(long version, IReadOnlyList<long> archived) => (_result, _wrote, _stale) = (new(AppendOutcome.Landed, version, archived), true, null);

    /// <summary>It landed before, or earlier in this transaction: the same append sent again.</summary>
    public void Landed(long version, IReadOnlyList<long> archived) => (_result, _wrote, _stale) = (new(AppendOutcome.Landed, version, archived), false, null);

    public void Committed()
    {
        _stale?.Answered(append.Stream.Value, lastTicket());
        if (_wrote && landed is not null && append.Owed.Count + append.Due.Count + append.Archive.Count > 0)
        {
            landed(new(append, _result!.Head, _result.Archived));
        }

        _answer.TrySetResult(_result!);
    }

    /// <summary>The store can't hold it, whenever it is sent.</summary>
    public void TooLarge(string why) => _answer.TrySetResult(new(AppendOutcome.Malformed, 0, [], why));

    public void Failed(Exception failure) =>
        _answer.TrySetException(new AppendUncertainException($"The commit of an append to {append.Stream} failed.", failure));

    public void Cancelled(CancellationToken cancellationToken) => _answer.TrySetCanceled(cancellationToken);
}
