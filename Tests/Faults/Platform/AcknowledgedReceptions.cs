using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Svom.Packets;

namespace Svom.Faults;

/// <summary>What tells one reception from another.</summary>
internal readonly record struct ReceptionKey(string Station, DateTimeOffset ReceivedAt, PacketId Content);

/// <summary>Stands between the simulator and the platform and remembers what the platform acknowledged: that must never be lost.</summary>
internal sealed class AcknowledgedReceptions() : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly ConcurrentQueue<byte[]> bodies = new();
    private volatile TaskCompletionSource answered = New();

    /// <summary>Done with the next answer.</summary>
    public Task NextAnswer => answered.Task;

    public IEnumerable<ReceptionKey> Receptions => bodies.SelectMany(Read);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK && request.RequestUri!.AbsolutePath == "/api/v1/packets")
        {
            bodies.Enqueue(body);
            Interlocked.Exchange(ref answered, New()).TrySetResult();
        }

        return response;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static IEnumerable<ReceptionKey> Read(byte[] body) => ReceptionBinary.Read(body, int.MaxValue).Receptions
        .Select(static reception => new ReceptionKey(reception.Station, reception.ReceivedAt, PacketId.FromSha256(SHA256.HashData(reception.Octets.Span))));
}
