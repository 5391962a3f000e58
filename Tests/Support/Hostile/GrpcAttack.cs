using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Grpc.Core;

namespace Svom.Support.Hostile;

/// <summary>Hostile calls of every gRPC method, over HTTP/2 and, for a share, as mutated octets of a whole HTTP/2 connection.</summary>
internal static class GrpcAttack
{
    private const int Piece = 32;
    private const int Hands = 48;
    private const int Bare = 25; // One in so many goes as bare octets.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] NotAllowed = ["Unknown", "Internal"];

    public static async Task RunAsync(AttackedPlatform platform, long seed, long inputs, AttackTally tally, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true };
        using var http = new HttpClient(handler) { BaseAddress = new($"http://127.0.0.1:{platform.GrpcPort}"), Timeout = Patience, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        await AttackPace.RunAsync(inputs, Piece, Hands, async (_, first, count) =>
        {
            for (var index = first; index < first + count; index++)
            {
                var call = HostileCalls.Make(seed, index);
                var dice = new Dice(seed, HostileKind.Grpc, -1 - index);
                if (dice.Once(Bare))
                {
                    await BareAsync(platform, HostileCalls.AsConnection(call, platform.Token, dice), index, tally, cancellationToken);
                }
                else
                {
                    await CallAsync(http, platform.Token, call, index, tally, cancellationToken);
                }
            }
        });
    }

    private static async Task CallAsync(HttpClient http, string token, HostileCall call, long index, AttackTally tally, CancellationToken cancellationToken)
    {
        try
        {
            using var patient = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patient.CancelAfter(Patience); // That of the client ends with the headers.
            using var request = new HttpRequestMessage(HttpMethod.Post, call.Method.Path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(call.Body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.TE.Add(new("trailers"));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
            Add("grpc-encoding", call.Encoding);
            Add("grpc-timeout", call.Timeout);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patient.Token);
            var status = Status(answer.Headers);
            if (status is null && call.Method.Watches)
            {
                tally.Answer("watches"); // Its reader leaves again.
                return;
            }

            var body = status is null ? await answer.Content.ReadAsByteArrayAsync(patient.Token) : [];
            status ??= Status(answer.TrailingHeaders);
            Judge(call, (int)answer.StatusCode, status, Problem(answer), index, tally);
            if (status is not null)
            {
                CountAcks(call, body, tally);
            }

            void Add(string name, string? value)
            {
                if (value is not null)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpIOException)
        {
            // A call may be reset where its own framing is at fault; the platform itself must not end connections of others.
            tally.Answer($"reset {(failure as HttpRequestException)?.HttpRequestError}");
            if (failure.InnerException is SocketException)
            {
                tally.Fault("the connection was lost", index, failure.ToString());
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Answer("no answer");
            tally.Fault($"{call.Method.Path}: no answer within {Patience.TotalSeconds} s", index, Shown(call));
        }
    }

    private static void Judge(HostileCall call, int http, StatusCode? status, string? problem, long index, AttackTally tally)
    {
        var said = status?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"HTTP {http}");
        tally.Answer(problem is null ? said : $"{said} {problem}");
        if (NotAllowed.Contains(said) || problem is "unavailable" or "internal" || http >= 500)
        {
            tally.Fault($"{call.Method.Path} answered {said} {problem}", index, Shown(call));
        }
        else if (status is not (null or StatusCode.OK or StatusCode.DeadlineExceeded or StatusCode.Cancelled) && problem is null && call.Method.Input is not null)
        {
            tally.Fault($"{call.Method.Path} answered {said} without a problem", index, Shown(call));
        }
    }

    private static string Shown(HostileCall call) =>
        $"encoding '{call.Encoding}' type '{call.ContentType}' timeout '{call.Timeout}' {Convert.ToBase64String(call.Body.AsSpan(0, Math.Min(1_000, call.Body.Length)))}";

    private static StatusCode? Status(HttpResponseHeaders headers) =>
        headers.TryGetValues("grpc-status", out var values) && int.TryParse(values.First(), CultureInfo.InvariantCulture, out var status) ? (StatusCode)status : null;

    private static string? Problem(HttpResponseMessage answer) =>
        (answer.Headers.TryGetValues("svom-problem", out var values) || answer.TrailingHeaders.TryGetValues("svom-problem", out values)) && values is not null
            ? values.First().Split('/')[^1] : null;

    private static void CountAcks(HostileCall call, byte[] body, AttackTally tally)
    {
        for (var at = 0; call.Method.Path.EndsWith("/Ingest", StringComparison.Ordinal) && at + 5 <= body.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1));
            tally.Stored(WireTypes.ReadAck(body.AsSpan(at + 5, length)).Accepted);
            at += 5 + length;
        }
    }

    /// <summary>Whatever octets these are, the server ends the connection once its sender has.</summary>
    private static async Task BareAsync(AttackedPlatform platform, byte[] octets, long index, AttackTally tally, CancellationToken cancellationToken)
    {
        using var patient = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patient.CancelAfter(Patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new(true, 0) };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, platform.GrpcPort, patient.Token);
            await socket.SendAsync(octets, patient.Token);
            socket.Shutdown(SocketShutdown.Send);
            var nothing = new byte[16 * 1024];
            while (await socket.ReceiveAsync(nothing, patient.Token) > 0)
            {
            }

            tally.Answer("bare connection ended");
        }
        catch (SocketException)
        {
            tally.Answer("bare connection reset");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Answer("bare connection hangs");
            tally.Fault("a bare connection was not ended after its sender had", index, Convert.ToBase64String(octets.AsSpan(0, Math.Min(1_500, octets.Length))));
        }
    }
}
