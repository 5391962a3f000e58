using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Svom.Packets;

namespace Svom.Faults;

/// <summary>What tells one reception from another.</summary>
/// <param name="Session">Null in the live feed.</param>
internal readonly record struct ReceptionKey(string? Session, string Station, DateTimeOffset ReceivedAt, PacketId Content)
{
    public static PacketId Id(ReadOnlyMemory<byte> octets) => PacketId.FromSha256(SHA256.HashData(octets.Span));
}

/// <summary>Stands between the simulator and the platform and remembers what the platform acknowledged: that must never be lost.</summary>
internal sealed class AcknowledgedReceptions() : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly ConcurrentQueue<byte[]> bodies = new();
    private volatile TaskCompletionSource answered = New();
    private volatile TaskCompletionSource sent = New();
    private int waiting;

    /// <summary>Done with the next answer.</summary>
    public Task NextAnswer => answered.Task;

    /// <summary>Done when the next request is on its way.</summary>
    public Task NextRequest => sent.Task;

    /// <summary>Requests on their way, not answered yet.</summary>
    public int Waiting => waiting;

    public IEnumerable<ReceptionKey> Receptions => bodies.SelectMany(Read);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        Interlocked.Increment(ref waiting);
        try
        {
            var answer = base.SendAsync(request, cancellationToken);
            Interlocked.Exchange(ref sent, New()).TrySetResult();
            var response = await answer;
            if (response.StatusCode == HttpStatusCode.OK && request.RequestUri!.AbsolutePath == "/api/v1/packets")
            {
                bodies.Enqueue(body);
                Interlocked.Exchange(ref answered, New()).TrySetResult();
            }

            return response;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static IEnumerable<ReceptionKey> Read(byte[] body) => ReceptionBinary.Read(body, int.MaxValue).Receptions
        .Select(static reception => new ReceptionKey(reception.Session, reception.Station, reception.ReceivedAt, ReceptionKey.Id(reception.Octets)));
}
