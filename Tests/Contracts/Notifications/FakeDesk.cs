using System.Collections.Concurrent;
using Svom.Notifications;
using Svom.Notifications.Mqtt;
using Svom.Outcomes;

namespace Svom.Contracts.Notifications;

/// <summary>Takes down what it is told; knows every burst and every envelope but one.</summary>
internal sealed class FakeDesk : ITelescopeDesk
{
    public const string Unknown = "sb26042199";
    public static readonly Guid UnknownEnvelope = new("0a4a9fbe-9a52-5bd4-8f26-6b1a3f2c7d99");

    /// <summary>What has to happen before anything is durable.</summary>
    public Func<Task> Before { get; set; } = static () => Task.CompletedTask;

    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<TelescopeReceipt> Receipts { get; } = [];

    public ConcurrentQueue<TelescopeIntent> Intents { get; } = [];

    public async Task<Refusal?> ReceivedAsync(TelescopeReceipt receipt, CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        await Before();
        if (receipt.Envelope == UnknownEnvelope)
        {
            return new(RefusalCode.NotFound, $"No alert of this platform has the envelope {receipt.Envelope}.");
        }

        Receipts.Enqueue(receipt);
        return null;
    }

    public async Task<Refusal?> IntendsAsync(TelescopeIntent intent, CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        await Before();
        if (intent.Burst == Unknown)
        {
            return new(RefusalCode.NotFound, $"There is no burst {intent.Burst}.");
        }

        Intents.Enqueue(intent);
        return null;
    }
}
