using System.Collections.Immutable;
using Orleans.Concurrency;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Outcomes;

namespace Svom.Notifications;

/// <summary>
/// Takes down what telescopes say. It keeps nothing in memory: telescopes speak rarely, and a stream's head keeps two activations that write at once
/// from losing a word.
/// </summary>
[StatelessWorker, Reentrant]
internal sealed class TelescopeDeskGrain(IEventStore store, TimeProvider time) : Grain, ITelescopeDeskGrain
{
    public async Task<Outcome<TelescopeReceipt>> ReceivedAsync(TelescopeReceipt receipt, CancellationToken cancellationToken) =>
        await EnvelopeIndex.NoticeAsync(store, receipt.Envelope, cancellationToken) is not { } notice
            ? new Refusal(RefusalCode.NotFound, $"No alert of this platform has the envelope {receipt.Envelope}.")
            : await KeepAsync(
                TelescopeWords.OfEnvelope(store, receipt.Envelope, time), words => words.Judge(receipt), receipt,
                _ => new([new TelescopeRecord.Received(receipt)]) { Archive = [TelescopeArchive.Of(receipt, notice)] }, cancellationToken);

    public async Task<Outcome<TelescopeIntent>> IntendsAsync(TelescopeIntent intent, CancellationToken cancellationToken)
    {
        var burst = await GrainFactory.GetGrain<IBurstGrain>(intent.Burst).GetAsync(cancellationToken);
        return burst.Refusal is { } unknown ? unknown : await KeepAsync(
            TelescopeWords.OfBurst(store, intent.Burst, time), words => words.Judge(intent), intent,
            words => new([new TelescopeRecord.Intends(intent)]) { Archive = [TelescopeArchive.Of(intent, words.Intents.Length + 1)] }, cancellationToken);
    }

    public async Task<Outcome<ImmutableArray<TelescopeReceipt>>> ReceiptsAsync(string notice, CancellationToken cancellationToken)
    {
        if (await store.ArchivedAsync(ArchivedNotice.Archive, notice, cancellationToken) is not { } entry)
        {
            return new Refusal(RefusalCode.NotFound, $"There is no notice '{notice}'.");
        }

        var words = TelescopeWords.OfEnvelope(store, Envelope.IdOf(ArchivedNotice.Read(entry.Entry.Content).Ivorn), time);
        await words.LoadAsync(cancellationToken);
        return words.State.Receipts;
    }

    public async Task<ImmutableArray<TelescopeIntent>> IntentsAsync(string burst, CancellationToken cancellationToken)
    {
        var words = TelescopeWords.OfBurst(store, burst, time);
        await words.LoadAsync(cancellationToken);
        return words.State.Intents;
    }

    private static async Task<Outcome<T>> KeepAsync<T>(
        EventSourced<TelescopeWords, TelescopeRecord> words, Func<TelescopeWords, Outcome<T>> judge, T said, Func<TelescopeWords, Transition<TelescopeRecord>> keep,
        CancellationToken cancellationToken)
        where T : class
    {
        await words.LoadAsync(cancellationToken);
        Outcome<T>? judged = null;
        await words.CommitAsync(
            state => (judged = judge(state)).Accepted && ReferenceEquals(judged.Value, said) ? keep(state) : null, cancellationToken);
        return judged!;
    }
}
