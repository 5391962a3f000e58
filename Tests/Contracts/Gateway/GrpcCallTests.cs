extern alias Gateway;

using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Svom.Bursts;
using Svom.Outcomes;
using Svom.Packets;
using Wire = Gateway::Svom.V1;

namespace Svom.Contracts.Gateway;

public sealed class GrpcCallTests(Door door) : IClassFixture<Door>
{
    private readonly Wire.PacketService.PacketServiceClient packets = new(door.Channel);
    private readonly Wire.BurstService.BurstServiceClient bursts = new(door.Channel);
    private readonly Wire.NoticeService.NoticeServiceClient notices = new(door.Channel);

    [Fact]
    public void Every_problem_has_its_status_code() =>
        Assert.Equal(ProblemTypes.All.Select(static kind => kind.Slug).Order(StringComparer.Ordinal), ProblemStatus.Codes.Keys.Select(static kind => kind.Slug).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Packets_are_browsed_as_by_REST()
    {
        var page = await packets.ListAsync(new()
        {
            PageSize = 7,
            PageToken = "t",
            Apid = 576,
            Burst = Platform.Burst,
            Station = "KOU",
            Session = "drill",
            From = Timestamp.FromDateTimeOffset(Platform.Time),
            Invalid = true,
        });
        Assert.Equal(("next-part", Platform.Packet.Id), (page.NextPageToken, Assert.Single(page.Packets).Id));
        Assert.Contains(new PacketSearch("drill", 576, Platform.Burst, "KOU", Platform.Time, null, true, "t", 7), door.Platform.Searches);

        var packet = await packets.GetAsync(new() { Id = Platform.Packet.Id });
        Assert.Equal(("1.0", "30.71", false), (packet.DefinitionVersion, packet.Fields[0].Value, packet.Fields[0].HasUnit));
        Assert.Equal((-112.5, "KOU"), (packet.Receptions[0].SignalDbm, packet.Receptions[0].Station));
        Assert.Equal([1, 2, 3], packet.Octets.ToByteArray());
    }

    [Fact]
    public async Task Bursts_and_notices_are_read_as_by_REST()
    {
        var burst = Assert.Single((await bursts.ListAsync(new() { Status = Wire.BurstStatus.Closed })).Bursts);
        Assert.Contains(new BurstSearch(Status: BurstStatus.Closed), door.Platform.Searches);
        Assert.Equal(burst, await bursts.GetAsync(new() { Id = Platform.Burst }));
        Assert.Equal((7, Wire.BurstStatus.Active, false, 30.71, 1), (burst.Version, burst.Status, burst.HasSession, burst.Best.Snr, burst.Completeness[0].Missing));
        var count = burst.Completeness[0];
        Assert.Equal(("eclairs-alert", 3, 1281, 5, 4, 2, 1), (count.Kind, count.Heard, count.Apid, count.Expected, count.Present, count.Late, count.Recovered));
        Assert.Equal(Platform.Time, burst.EclairsT0.ToDateTimeOffset());
        Assert.Null(burst.GrmT0);

        var notice = await notices.GetAsync(new() { Id = Platform.Notice });
        Assert.Equal((17, Wire.NoticeState.Sent, 2, false), (notice.Sequence, notice.State, notice.Quality, notice.HasReason));
        Assert.Equal(Platform.Xml, notice.Voevent.ToByteArray());
        Assert.Equal(Platform.Gcn, notice.Gcn.ToByteArray());
        var listed = await notices.ListAsync(new() { After = 3 });
        Assert.Equal("17", listed.NextPageToken);
        Assert.True(listed.Notices[0].Voevent.IsEmpty);
    }

    [Fact]
    public async Task Acts_reach_the_burst_under_the_name_behind_the_token()
    {
        await using var own = new OwnDoor();
        var acts = new Wire.BurstService.BurstServiceClient((await own.OpenAsync()).Channel);
        var at = new DateTimeOffset(2026, 3, 1, 5, 0, 0, TimeSpan.Zero);
        var answer = await acts.ValidateAsync(
            new()
            {
                BurstId = Platform.Burst,
                Terms = new() { Reason = "noise", At = Timestamp.FromDateTimeOffset(at), IdempotencyKey = "k1", IfVersion = 7, Preview = true },
                Verdict = Wire.ValidationVerdict.Reject,
                Alert = 3,
            },
            Door.Bearer(Platform.TokenOf("advocate")));
        Assert.Equal((true, true, 7), (answer.Preview, answer.Pending, answer.Burst.Version));
        Assert.Equal(Platform.Xml, answer.Made[0].Voevent.ToByteArray());
        await acts.AcknowledgeAsync(new() { BurstId = Platform.Burst, Terms = new() { Reason = "on shift" } }, Door.Bearer());
        await acts.ClassifyAsync(new() { BurstId = Platform.Burst, Terms = new() { Reason = "GX 340-00" }, Class = Wire.BurstClass.KnownSource }, Door.Bearer());
        await acts.RetractAsync(new() { BurstId = Platform.Burst, Terms = new() { Reason = "particles" }, Notices = { "grm-trigger" } }, Door.Bearer());

        Assert.Equal(
            new BurstAct(BurstActKind.Validate, "holder-of-advocate", "noise", at, Accept: false, IdempotencyKey: "k1", IfVersion: 7, Preview: true, Alert: 3), own.Door.Platform.Acts[0]);
        Assert.Equal(new BurstAct(BurstActKind.Acknowledge, "operator", "on shift"), own.Door.Platform.Acts[1]);
        Assert.Equal(new BurstAct(BurstActKind.Classify, "operator", "GX 340-00", Class: "known-source"), own.Door.Platform.Acts[2]);
        Assert.Equal(["grm-trigger"], own.Door.Platform.Acts[3].Notices!.Value);
    }

    [Fact]
    public async Task What_is_not_possible_is_refused_under_the_types_of_REST()
    {
        Wire.AcknowledgeRequest Act(Wire.ActTerms? terms, string burst = Platform.Burst) => new() { BurstId = burst, Terms = terms };
        await CallStatus.FailsAsync(() => bursts.AcknowledgeAsync(Act(null), Door.Bearer()).ResponseAsync, ProblemTypes.Invalid);
        await CallStatus.FailsAsync(() => bursts.AcknowledgeAsync(Act(new() { Reason = "x" }, "../x"), Door.Bearer()).ResponseAsync, ProblemTypes.NotFound);
        await CallStatus.FailsAsync(() => bursts.AcknowledgeAsync(Act(new() { Reason = "x" }, "sb26042106"), Door.Bearer()).ResponseAsync, ProblemTypes.NotFound);
        await CallStatus.FailsAsync(() => bursts.AcknowledgeAsync(Act(new() { Reason = "x", IfVersion = 6 }), Door.Bearer()).ResponseAsync, ProblemTypes.PreconditionFailed);
        await CallStatus.FailsAsync(() => bursts.AcknowledgeAsync(Act(new() { Reason = "x", IdempotencyKey = "reused" }), Door.Bearer()).ResponseAsync, ProblemTypes.KeyReused);
        await CallStatus.FailsAsync(() => bursts.AcknowledgeAsync(Act(new() { Reason = "x", IdempotencyKey = "" }), Door.Bearer()).ResponseAsync, ProblemTypes.Malformed);
        await CallStatus.FailsAsync(() => bursts.AcknowledgeAsync(Act(new() { Reason = "x", At = new() { Nanos = -1 } }), Door.Bearer()).ResponseAsync, ProblemTypes.InvalidParameter);
        await CallStatus.FailsAsync(() => bursts.ValidateAsync(new() { BurstId = Platform.Burst, Terms = new() { Reason = "x" } }, Door.Bearer()).ResponseAsync, ProblemTypes.Invalid);
        await CallStatus.FailsAsync(() => bursts.ClassifyAsync(new() { BurstId = Platform.Burst, Terms = new() { Reason = "x" } }, Door.Bearer()).ResponseAsync, ProblemTypes.Invalid);
        await CallStatus.FailsAsync(() => notices.GetAsync(new()).ResponseAsync, ProblemTypes.NotFound);
        await CallStatus.FailsAsync(() => notices.GetAsync(new() { Id = "none" }).ResponseAsync, ProblemTypes.NotFound);
        await CallStatus.FailsAsync(() => packets.ListAsync(new() { PageToken = "bad" }).ResponseAsync, ProblemTypes.InvalidParameter);
        var missing = await CallStatus.FailsAsync(() => bursts.AcknowledgeAsync(Act(null), Door.Bearer(Platform.TokenOf("lab"))).ResponseAsync, ProblemTypes.Forbidden);
        Assert.Equal(["advocate", "operator"], missing.Roles);
    }

    public static TheoryData<string> Wrong => [.. WrongLists.Keys];

    private static readonly Dictionary<string, Wire.ListPacketsRequest> WrongLists = new(StringComparer.Ordinal)
    {
        ["page_size"] = new() { PageSize = 1_001 },
        ["page_token"] = new() { PageToken = new string('x', 2_000) },
        ["apid"] = new() { Apid = 2_048 },
        ["burst"] = new() { Burst = "a b" },
        ["station"] = new() { Station = "" },
        ["session"] = new() { Session = "../x" },
        ["from"] = new() { From = new() { Seconds = long.MaxValue } },
        ["to"] = new() { To = new() { Nanos = int.MaxValue } },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_field_with_a_value_that_it_cannot_have_is_named(string field) =>
        Assert.Equal(field, (await CallStatus.FailsAsync(() => packets.ListAsync(WrongLists[field]).ResponseAsync, ProblemTypes.InvalidParameter)).Field);

    [Theory]
    [InlineData("svom.v1.PacketService/List", "FFFFFF")] // Ends within a number.
    [InlineData("svom.v1.PacketService/List", "2201FF")] // A name that is no UTF-8.
    [InlineData("svom.v1.BurstService/Acknowledge", "0A7F")] // Shorter than it says.
    [InlineData("svom.v1.NoticeService/Watch", "0B0B0B0B")] // Groups that never end.
    public async Task A_message_that_is_none_is_malformed_and_the_connection_goes_on(string method, string hex)
    {
        await CallStatus.FailsAsync(() => RawAsync(method, Convert.FromHexString(hex)), ProblemTypes.Malformed);
        await packets.ListAsync(new());
    }

    [Fact]
    public async Task A_long_message_is_refused_before_it_is_read()
    {
        await CallStatus.FailsAsync(() => RawAsync("svom.v1.BurstService/Get", new byte[70_000]), ProblemTypes.TooLarge);
        await packets.ListAsync(new());
    }

    [Theory]
    [InlineData("svom.v1.PacketService/Nope")]
    [InlineData("no.such.Service/Nope")]
    public async Task An_unknown_method_is_unimplemented(string method) =>
        await CallStatus.FailsAsync(() => RawAsync(method, []), ProblemTypes.MethodNotAllowed);

    [Fact]
    public async Task Only_loopback_names_are_answered_for()
    {
        using var http = new HttpClient(new OtherHost());
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress($"http://{door.Channel.Target}", new() { HttpClient = http });
        await CallStatus.FailsAsync(() => new Wire.PacketService.PacketServiceClient(channel).ListAsync(new()).ResponseAsync, ProblemTypes.MisdirectedHost);
    }

    [Fact]
    public async Task Health_is_told_for_the_platform_and_each_service()
    {
        var health = new Health.HealthClient(door.Channel);
        foreach (var service in (string[])["", "svom.v1.PacketService", "svom.v1.BurstService", "svom.v1.NoticeService", "svom.v1.StationService", "svom.v1.AlarmService"])
        {
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new() { Service = service })).Status);
        }

        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => health.CheckAsync(new() { Service = "none" }).ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task Reflection_names_every_service()
    {
        using var call = new ServerReflection.ServerReflectionClient(door.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new() { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(default));
        var services = call.ResponseStream.Current.ListServicesResponse.Service.Select(static service => service.Name).ToArray();
        Assert.Superset(
            new HashSet<string>(
                ["svom.v1.PacketService", "svom.v1.BurstService", "svom.v1.NoticeService", "svom.v1.StationService", "svom.v1.AlarmService", "grpc.health.v1.Health"], StringComparer.Ordinal),
            services.ToHashSet(StringComparer.Ordinal));
        await call.RequestStream.CompleteAsync();
    }

    [Fact]
    public async Task A_deadline_ends_a_watch()
    {
        using var watch = notices.Watch(new(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200));
        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await watch.ResponseStream.MoveNext(default))
            {
                // How much is told before that is a matter of the machine.
            }
        });
        Assert.Equal(StatusCode.DeadlineExceeded, ended.StatusCode);
    }

    private async Task<byte[]> RawAsync(string method, byte[] message)
    {
        if (method.EndsWith("Watch", StringComparison.Ordinal))
        {
            using var watch = door.Channel.CreateCallInvoker().AsyncServerStreamingCall(CallStatus.Raw(method, MethodType.ServerStreaming), null, new(Door.Bearer()), message);
            await watch.ResponseStream.MoveNext(default);
            return [];
        }

        return await door.Channel.CreateCallInvoker().AsyncUnaryCall(CallStatus.Raw(method), null, new(Door.Bearer()), message);
    }

    private sealed class OtherHost() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = "evil.example";
            return base.SendAsync(request, cancellationToken);
        }
    }
}
