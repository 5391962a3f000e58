using System.Buffers.Binary;
using System.Net;
using System.Text;
using Google.Protobuf;
using Svom.Packets;

namespace Svom.Simulation;

/// <summary>A platform of one screenful: takes receptions and acts in order, and misbehaves when told to.</summary>
internal sealed class FakePlatform : HttpMessageHandler
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<uint> _observations = [];

    /// <summary>What happened, in order: <c>packet TIME</c> by receivedAt, or the act's path and body.</summary>
    public List<string> Log { get; } = [];

    public HashSet<string?> Sessions { get; } = [];

    /// <summary>Asked before each request; null lets it pass.</summary>
    public Func<HttpRequestMessage, int, HttpResponseMessage?> Before { get; init; } = static (_, _) => null;

    /// <summary>Asked after each request was carried out: true cuts the answer off.</summary>
    public Func<int, bool> CutsOff { get; init; } = static _ => false;

    public int Requests { get; private set; }

    public int Stored => _known.Count;

    /// <summary>Where in the log the first ECLAIRs alert stands.</summary>
    public int? AlertAt { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var number = Requests++;
        if (Before(request, number) is { } early)
        {
            return early;
        }

        Assert.Equal("Bearer secret", request.Headers.Authorization?.ToString());
        var path = request.RequestUri!.AbsolutePath;
        var answer = path == "/api/v1/packets" ? Take(await request.Content!.ReadAsByteArrayAsync(cancellationToken))
            : path == "/api/v1/bursts" ? Find(request.RequestUri.Query)
            : await ActAsync(request, path, cancellationToken);
        return CutsOff(number)
            ? throw new HttpRequestException("connection reset")
            : new(HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
    }

    private string Take(byte[] batch)
    {
        var (accepted, duplicates, invalid) = (0, 0, 0);
        for (var at = 0; at < batch.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(batch.AsSpan(at));
            var (key, receivedAt, octets) = Parse(batch.AsSpan(at + 4, length));
            at += 4 + length;
            if (!_known.Add(key))
            {
                duplicates++;
                continue;
            }

            accepted++;
            Log.Add($"packet {receivedAt:O}");
            if (!PacketDefinitions.Current.TryDecode(octets, out var packet))
            {
                invalid++;
            }
            else if (packet.Kind is not (PacketKind.EclairsRecurrent or PacketKind.Orbit or PacketKind.Attitude))
            {
                AlertAt ??= packet.Kind is PacketKind.EclairsAlert ? Log.Count - 1 : null;
                _observations.Add((uint)packet.Raw(packet.Layout["Observation_Id"]));
            }
        }

        return $$"""{ "accepted": {{accepted}}, "duplicates": {{duplicates}}, "invalid": {{invalid}}, "firstSequence": null, "lastSequence": null }""";
    }

    // Read by hand, so that the simulator's generated code is not checked by itself.
    private (string Key, DateTimeOffset ReceivedAt, byte[] Octets) Parse(ReadOnlySpan<byte> message)
    {
        var input = new CodedInputStream(message.ToArray());
        var (station, octets, session, time) = (string.Empty, Array.Empty<byte>(), (string?)null, DateTimeOffset.UnixEpoch);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            switch (tag >> 3)
            {
                case 1: station = input.ReadString(); break;
                case 2: time = Time(input.ReadBytes()); break;
                case 3: octets = input.ReadBytes().ToByteArray(); break;
                case 4: input.ReadDouble(); break;
                case 5: session = input.ReadString(); break;
                default: Assert.Fail("unknown field"); break;
            }
        }

        Sessions.Add(session);
        return ($"{station} {time:O} {Convert.ToHexString(octets)}", time, octets);
    }

    private static DateTimeOffset Time(ByteString timestamp)
    {
        var input = timestamp.CreateCodedInput();
        var time = DateTimeOffset.UnixEpoch;
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            time = tag >> 3 == 1 ? time.AddSeconds(input.ReadInt64()) : time.AddTicks(input.ReadInt32() / 100);
        }

        return time;
    }

    private string Find(string query)
    {
        var observation = uint.Parse(query.Split("observation=")[1].Split('&')[0]);
        var session = query.Contains("session=", StringComparison.Ordinal) ? query.Split("session=")[1].Split('&')[0] : null;
        var completeness = $$"""[ { "kind": "eclairs-alert", "heard": {{(AlertAt is null ? 0 : 1)}} }, { "kind": "grm-trigger", "heard": 1 } ]""";
        var rehearsed = $$"""{ "id": "tb26042101", "session": "{{session ?? "another"}}", "completeness": {{completeness}}, "notices": [] }""";

        // As the platform answers: without a session everything that has the Observation ID, rehearsals too.
        return !_observations.Contains(observation) ? """{ "items": [], "next": null }"""
            : session is not null ? $$"""{ "items": [ {{rehearsed}} ], "next": null }"""
            : $$"""{ "items": [ {{rehearsed}}, { "id": "sb26042101", "session": null } ], "next": null }""";
    }

    private async Task<string> ActAsync(HttpRequestMessage request, string path, CancellationToken cancellationToken)
    {
        if (_known.Add(request.Headers.GetValues("Idempotency-Key").Single()))
        {
            Log.Add($"{path} {await request.Content!.ReadAsStringAsync(cancellationToken)}");
        }

        return "{}";
    }
}
