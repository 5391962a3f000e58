using System.Collections.Concurrent;
using Svom.Notifications.Mqtt;
using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Contracts.Notifications;

/// <summary>Keeps what it was given, and answers when and what the test wants.</summary>
internal sealed class FakeIntake : IReceptionIntake
{
    private readonly ConcurrentQueue<ReceptionBatch> _batches = new();

    /// <summary>What becomes of a batch; everything is stored unless said otherwise.</summary>
    public Func<ReceptionBatch, Task<Outcome<IngestAnswer>>> Answer { get; set; } = static batch => Task.FromResult(Stored(batch));

    public IReadOnlyList<ReceptionBatch> Batches => [.. _batches];

    public IEnumerable<Reception> Receptions => _batches.SelectMany(static batch => batch.Receptions);

    public static Outcome<IngestAnswer> Stored(ReceptionBatch batch) => new IngestAnswer(batch.Receptions.Length, 0, 0, 1, batch.Receptions.Length);

    public async Task<Outcome<IngestAnswer>> IngestAsync(ReceptionBatch batch, CancellationToken cancellationToken)
    {
        var outcome = await Answer(batch);
        if (outcome.Accepted)
        {
            _batches.Enqueue(batch);
        }

        return outcome;
    }
}
