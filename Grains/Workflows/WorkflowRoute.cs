using Svom.EventStore;

namespace Svom.Workflows;

/// <summary>Brings what workflows owe each other, and what others owe workflows.</summary>
internal sealed class WorkflowRoute(IGrainFactory grains) : IOwedRoute
{
    public const string RouteName = "workflow";

    public string Name => RouteName;

    public static Owed To(Tell tell) => To(new(tell.Namespace, tell.WorkflowId), tell.Message);

    public static Owed To(WorkflowAddress address, WorkflowMessage message) => new(RouteName, address.ToString(), WorkflowMessages.Write(message));

    public async Task DeliverAsync(string target, IReadOnlyList<OwedRow> rows, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            // A reply that nothing durable holds is delivered before the row is settled: a crash in between brings both again.
            foreach (var reply in await grains.GetGrain<IWorkflowMessageGrain>(target).TakeAsync(row.Message.Payload.ToArray(), cancellationToken))
            {
                await grains.GetGrain<IWorkflowMessageGrain>(reply.Target).TakeAsync(reply.Message, cancellationToken);
            }
        }
    }
}

/// <summary>Wakes workflows when their next deadline has come.</summary>
internal sealed class WorkflowDueRoute(IGrainFactory grains) : IDueRoute
{
    public string StreamKind => WorkflowStream.Kind;

    public Task WakeAsync(string key, string name, CancellationToken cancellationToken) => grains.GetGrain<IWorkflowMessageGrain>(key).WakeAsync(cancellationToken);
}

/// <summary>A message for another workflow that whoever brought the last one brings on.</summary>
/// <param name="Target">Its <see cref="WorkflowAddress"/>.</param>
[GenerateSerializer, Immutable, Alias("svom.workflow-reply")]
internal sealed record WorkflowReply([property: Id(0)] string Target, [property: Id(1)] byte[] Message);

/// <summary>A workflow as other workflows, the clock and the recovery see it. Key: <see cref="WorkflowAddress"/>.</summary>
[Alias("svom.workflow-messages")]
internal interface IWorkflowMessageGrain : IGrainWithStringKey
{
    /// <summary>Takes a message; a repeat changes nothing.</summary>
    /// <returns>What must be brought on before the message counts as delivered.</returns>
    [Alias("take")]
    Task<WorkflowReply[]> TakeAsync(byte[] message, CancellationToken cancellationToken);

    /// <summary>A due time has come.</summary>
    [Alias("wake")]
    Task WakeAsync(CancellationToken cancellationToken);

    /// <summary>Looks whether there is something to do: whoever had it in hand is dead.</summary>
    [Alias("take-up")]
    Task TakeUpAsync(CancellationToken cancellationToken);
}
