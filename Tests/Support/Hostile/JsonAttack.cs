using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Svom.Support.Hostile;

/// <summary>Hostile bodies to every door that the OpenAPI document says takes one.</summary>
internal static class JsonAttack
{
    private const int Piece = 64;
    private const int Hands = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Reads from the platform itself which doors there are, and which bursts and alarms.</summary>
    public static async Task<HostileRequests> PrepareAsync(AttackedPlatform platform, CancellationToken cancellationToken)
    {
        var doors = BodyDoor.Of(await platform.ReadAsync("/openapi/v1.json", cancellationToken));
        return new(
            doors, [.. Ids(await platform.ReadAsync("/api/v1/bursts?limit=4", cancellationToken)), .. Ids(await platform.ReadAsync("/api/v1/bursts?session=fuzz-a&limit=4", cancellationToken))],
            [.. Ids(await platform.ReadAsync("/api/v1/alarms?limit=4", cancellationToken))], platform.Token);

        static IEnumerable<string> Ids(JsonNode list) => list["items"]!.AsArray().Select(static item => item!["id"]!.GetValue<string>());
    }

    public static async Task RunAsync(AttackedPlatform platform, HostileRequests requests, long seed, long inputs, AttackTally tally, CancellationToken cancellationToken)
    {
        var wires = Enumerable.Range(0, Hands).Select(_ => new HttpWire(platform.HttpPort, Patience)).ToArray();
        try
        {
            await AttackPace.RunAsync(inputs, Piece, Hands, async (hand, first, count) =>
            {
                for (var index = first; index < first + count; index++)
                {
                    await AskAsync(wires[hand], requests.Make(seed, index), index, tally, cancellationToken);
                }
            });
        }
        finally
        {
            Array.ForEach(wires, static wire => wire.Dispose());
        }
    }

    private static async Task AskAsync(HttpWire wire, HostileRequest request, long index, AttackTally tally, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await wire.AskAsync(request.Octets, request.Ends, cancellationToken);
            var body = Encoding.UTF8.GetString(answer.Body);
            if (answer.Status == 0)
            {
                tally.Answer("closed");
                if (!request.Ends)
                {
                    tally.Fault("closed a connection over a whole request without an answer", index, Shown(request));
                }

                return;
            }

            if (answer.Type?.StartsWith("application/grpc", StringComparison.Ordinal) is true)
            {
                tally.Answer("refused as a gRPC call"); // As one its Content-Type had said.
                return;
            }

            tally.Answer(AnswerClass.Of(answer.Status, body));
            if (answer.Status == 200 && request.Operation == "deliverReceptions")
            {
                tally.Stored(JsonNode.Parse(body)!["accepted"]!.GetValue<int>());
            }

            // What is no HTTP is answered by the server itself, with a bare status.
            var fault = AnswerClass.Fault(answer.Status, answer.Type?.Split(';')[0], body);
            if (fault is not null && !(request.Ends && answer.Status is 400 or 501 && answer.Body.Length == 0))
            {
                tally.Fault($"{request.Operation}: {fault}", index, string.Create(CultureInfo.InvariantCulture, $"{Shown(request)} -> {answer.Status} {body}"));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Answer("no answer");
            tally.Fault($"{request.Operation}: no answer within {Patience.TotalSeconds} s", index, Shown(request));
            wire.Dispose();
        }
    }

    private static string Shown(HostileRequest request) => Convert.ToBase64String(request.Octets.AsSpan(0, Math.Min(request.Octets.Length, 1_500)));
}
