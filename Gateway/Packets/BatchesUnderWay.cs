using Grpc.Core;

namespace Svom.Packets;

/// <summary>
/// The batches of one stream that are being stored. Each frees its place when its ack is written, so that who reads no acks cannot make us hold
/// any number of them. Acks are written one at a time, in the order in which batches are done.
/// </summary>
internal sealed class BatchesUnderWay(int most, IServerStreamWriter<V1.IngestAck> acks, CancellationToken call) : IDisposable
{
    private readonly SemaphoreSlim room = new(most, most);
    private readonly SemaphoreSlim pen = new(1, 1);
    private readonly CancellationTokenSource broken = CancellationTokenSource.CreateLinkedTokenSource(call);
    private readonly HashSet<Task> running = [];

    /// <summary>Cancelled when the sender is gone, or acks cannot be written any more.</summary>
    public CancellationToken Broken => broken.Token;

    /// <summary>Waits for a place.</summary>
    public Task RoomAsync(CancellationToken cancellationToken) => room.WaitAsync(cancellationToken);

    /// <summary>Takes a batch into the place that was waited for.</summary>
    public void Add(Task<V1.IngestAck> storing)
    {
        var acknowledging = AcknowledgeAsync(storing);
        lock (running)
        {
            running.RemoveWhere(static task => task.IsCompleted);
            running.Add(acknowledging);
        }
    }

    /// <summary>Waits until every batch that was taken has its ack.</summary>
    public Task DoneAsync()
    {
        lock (running)
        {
            return Task.WhenAll(running);
        }
    }

    public void Dispose()
    {
        room.Dispose();
        pen.Dispose();
        broken.Dispose();
    }

    private async Task AcknowledgeAsync(Task<V1.IngestAck> storing)
    {
        var ack = await storing;
        await pen.WaitAsync(CancellationToken.None);
        try
        {
            if (!broken.IsCancellationRequested)
            {
                await acks.WriteAsync(ack, broken.Token);
            }
        }
        catch (Exception)
        {
            await broken.CancelAsync(); // Nobody reads: the batch is stored, and counts as duplicates when it is sent again.
        }
        finally
        {
            pen.Release();
            room.Release();
        }
    }
}
