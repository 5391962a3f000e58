using Svom.Postgres;
using Svom.Storage;

namespace Svom.EventStore;

/// <summary>What the writer of the event store in PostgreSQL takes: appends, and delivered rows on their way out.</summary>
internal abstract class PostgresEventWork : QueuedWork;

/// <summary>One append on its way through the writer.</summary>
internal sealed class PostgresAppend(
    Append append, long octets, Func<long> lastTicket, Action<LandedAppend>? landed, CancellationToken cancellationToken) : PostgresEventWork
{
    public override int Lane => (int)append.Lane;

    public override long Octets => octets;

    public override CancellationToken CancellationToken => cancellationToken;

    public Append Append => append;

    public AppendAnswer Answer { get; } = new(append, lastTicket, landed);

    public override void Committed() => Answer.Committed();

    public override void Failed(Exception failure)
    {
        if (PostgresFaults.IsTooLarge(failure))
        {
            Answer.TooLarge(failure.Message);
        }
        else
        {
            Answer.Failed(failure);
        }
    }

    public override void Cancelled() => Answer.Cancelled(cancellationToken);
}

/// <summary>Delivered rows: they go with the next commit; a crash before it delivers them again.</summary>
internal sealed class PostgresSettle(IReadOnlyList<OwedRow> delivered, SettledRows settled) : PostgresEventWork
{
    public IReadOnlyList<OwedRow> Delivered => delivered;

    public override void Committed() => settled.Gone(delivered);

    // They stand in the store still and will be delivered once more: the price of being lazy.
    public override void Failed(Exception failure) => settled.Gone(delivered);
}
