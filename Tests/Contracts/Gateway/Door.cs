using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Svom.Access;
using Svom.Bursts;
using Svom.Documents;
using Svom.Hosting;
using Svom.Monitoring;
using Svom.Notifications;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Packets.Messages;
using Svom.Stations;

namespace Svom.Contracts.Gateway;

/// <summary>The door on a free port with a made-up platform behind it: one burst, its notices, one packet, tokens.</summary>
public sealed class Door : IAsyncLifetime
{
    public const string OperatorToken = "operator-token-of-this-test";
    private const string Declared = "X-Declared-Problems";

    // Those that every call has, or may have.
    private static readonly ProblemType[] OfEveryCall =
        [ProblemTypes.InvalidParameter, ProblemTypes.MisdirectedHost, ProblemTypes.Internal, ProblemTypes.Unavailable, ProblemTypes.Unauthenticated, ProblemTypes.Forbidden, ProblemTypes.Timeout];

    private WebApplication app = null!;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>A connection to the gRPC door; the operator's token goes with a call by <see cref="Bearer"/>.</summary>
    public GrpcChannel Channel { get; private set; } = null!;

    public Platform Platform { get; } = new();

    public FollowedFeeds Feeds { get; } = new();

    public FakeGrains Grains { get; private set; } = null!;

    public IServiceProvider Services => app.Services;

    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>A clock that the test moves; null: the real one.</summary>
    public Microsoft.Extensions.Time.Testing.FakeTimeProvider? Time { get; init; }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, static listening => listening.Protocols = HttpProtocols.Http2);
        });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(Settings);
        var (factory, fake) = FakeGrains.Make();
        Grains = fake;
        Platform.PutInto(fake);
        Feeds.PutInto(fake);
        builder.Services.AddSingleton(factory).AddSingleton<IOperatorToken, TestToken>().AddGateway();
        builder.Services.AddHealthChecks().AddCheck("made-up", static () => HealthCheckResult.Healthy());
        if (Time is not null)
        {
            builder.Services.AddSingleton<TimeProvider>(Time);
        }

        app = builder.Build();
        app.Use(static (http, next) =>
        {
            // What the call declares, for whoever looks at its answer.
            if (http.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<ProblemDeclaration>() is { } declared)
            {
                http.Response.Headers[Declared] = string.Join(' ', declared.Kinds.Select(static kind => kind.Slug));
            }

            return next(http);
        });
        app.MapGateway();
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(static address => new Uri(address)).ToArray();
        Client = new HttpClient { BaseAddress = addresses[0] };
        Channel = GrpcChannel.ForAddress(addresses[1]);
    }

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Channel.Dispose();
        await app.DisposeAsync();
    }

    public Task<HttpResponseMessage> PostAsync(string path, byte[] body, string? type, string? token = OperatorToken, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value) || request.Content.Headers.TryAddWithoutValidation(name, value));
        }

        return Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostJsonAsync(string path, string json, string? token = OperatorToken, params (string Name, string Value)[] headers) =>
        PostAsync(path, Encoding.UTF8.GetBytes(json), "application/json", token, headers);

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return Client.SendAsync(request);
    }

    public static Metadata Bearer(string token = OperatorToken) => new() { { "authorization", $"Bearer {token}" } };

    /// <summary>Reads the JSON of an answer that must have a status.</summary>
    public static async Task<JsonElement> JsonAsync(Task<HttpResponseMessage> call, int status)
    {
        using var answer = await call;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {status}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Reads a problem and checks what every problem promises.</summary>
    public static async Task<JsonElement> ProblemAsync(Task<HttpResponseMessage> call, ProblemType kind)
    {
        using var answer = await call;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == kind.Status, $"{(int)answer.StatusCode} instead of {kind.Status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        if (answer.Headers.TryGetValues(Declared, out var declared) && !OfEveryCall.Contains(kind))
        {
            Assert.Contains(kind.Slug, declared.Single().Split(' '));
        }

        Assert.DoesNotContain("Svom.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(kind.Uri, problem.GetProperty("type").GetString());
        Assert.Equal(kind.Title, problem.GetProperty("title").GetString());
        Assert.Equal(kind.Status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }

    private sealed class TestToken : IOperatorToken
    {
        public bool Matches(string token) => token == OperatorToken;
    }
}

/// <summary>What the made-up platform was told, and what it shall answer.</summary>
public sealed class Platform : IPacketIngestGrain, IPacketQueryGrain, IBurstQueryGrain, INoticeArchiveGrain, ITokenGrain
{
    public const string Burst = "sb26042105";
    public const string Notice = "sb26042105_mxt-initial_qf2";
    public static readonly byte[] Xml = "<?xml version='1.0'?><voe:VOEvent/>"u8.ToArray();
    public static readonly byte[] Gcn = """{"mission":"SVOM"}"""u8.ToArray();
    public static readonly DateTimeOffset Time = new(2026, 3, 1, 4, 13, 22, 7, TimeSpan.Zero);

    private readonly Channel<bool> came = Channel.CreateUnbounded<bool>();

    public IList<Reception> Received { get; } = [];

    public IList<BurstAct> Acts { get; } = [];

    public IList<object> Searches { get; } = [];

    public Refusal? Refuse { get; set; }

    /// <summary>Thrown by ingest; null: nothing is.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Ingest waits for it; null: for nothing.</summary>
    public TaskCompletionSource? Held { get; set; }

    public int UnderWay { get; private set; }

    public int MostUnderWay { get; private set; }

    public static string TokenOf(string role) => $"token-of-{role}";

    public void PutInto(FakeGrains grains)
    {
        grains.Put<IPacketIngestGrain>(_ => this);
        grains.Put<IPacketQueryGrain>(_ => this);
        grains.Put<IBurstQueryGrain>(_ => this);
        grains.Put<INoticeArchiveGrain>(_ => this);
        grains.Put<ITokenGrain>(_ => this);
        grains.Put<ITelescopeDeskGrain>(_ => new OneDesk());
        grains.Put<IBurstGrain>(key => new OneBurst(this, (string)key));
        grains.Put<IBurstSummaryGrain>(_ => new OneSummary());
        grains.Put<IStationQueryGrain>(static _ => new OneStation());
        grains.Put<IAlarmQueryGrain>(static _ => new OneAlarm(OneAlarm.Id));
        grains.Put<IAlarmGrain>(static key => new OneAlarm((string)key));
        grains.Put<IReplayGrain>(static key => new OneReplay((string)key));
        grains.Put<IReplayDeskGrain>(static _ => new OneReplay(OneReplay.Id));
    }

    public async Task<Outcome<IngestAnswer>> IngestAsync(ReceptionBatch batch, CancellationToken cancellationToken)
    {
        lock (Received)
        {
            MostUnderWay = Math.Max(MostUnderWay, ++UnderWay);
        }

        came.Writer.TryWrite(true);
        if (Held is { } held)
        {
            await held.Task.WaitAsync(cancellationToken);
        }

        lock (Received)
        {
            UnderWay--;
            if (Fault is { } fault)
            {
                throw fault;
            }

            if (Refuse is { } refusal)
            {
                return refusal;
            }

            foreach (var reception in batch.Receptions)
            {
                Received.Add(reception);
            }

            return new IngestAnswer(batch.Receptions.Length, 0, 0, 1, batch.Receptions.Length);
        }
    }

    /// <summary>Waits until so many batches came in.</summary>
    public async Task UnderWayAsync(int batches)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var n = 0; n < batches; n++)
        {
            await came.Reader.ReadAsync(patience.Token);
        }
    }

    public Task<Outcome<Page<PacketSummary>>> FindAsync(PacketSearch search, CancellationToken cancellationToken)
    {
        Searches.Add(search);
        return Task.FromResult<Outcome<Page<PacketSummary>>>(search.Cursor is "bad" ? new Refusal(RefusalCode.Invalid, "The cursor is none of ours.")
            : new Page<PacketSummary>([Packet], "next-part"));
    }

    public Task<Outcome<PacketDetail>> GetAsync(PacketId id, string? session, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<PacketDetail>>(id.ToString() != Packet.Id ? new Refusal(RefusalCode.NotFound, "There is no such packet.")
            : new PacketDetail(Packet, "1.0", [new("snr", 96, 16, "3071", "30.71", null, true)], [new(7, "KOU", Time, -112.5, Time)], new byte[] { 1, 2, 3 }));

    public Task<Outcome<Page<BurstView>>> FindAsync(BurstSearch search, CancellationToken cancellationToken)
    {
        Searches.Add(search);
        return Task.FromResult<Outcome<Page<BurstView>>>(new Page<BurstView>([View], null));
    }

    public Task<Outcome<Page<NoticeView>>> FindAsync(NoticeSearch search, CancellationToken cancellationToken)
    {
        Searches.Add(search);
        return Task.FromResult<Outcome<Page<NoticeView>>>(new Page<NoticeView>([NoticeView], "17"));
    }

    public Task<Outcome<NoticeView>> GetAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<NoticeView>>(id == Notice ? NoticeView : new Refusal(RefusalCode.NotFound, "There is no such notice."));

    public Task<ImmutableArray<PublishedAlert>> PublishedAsync(long after, int most, CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray<PublishedAlert>.Empty);

    public Task<long> PublishedHeadAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<Outcome<NoticeContent>> ContentAsync(string id, NoticeForm form, CancellationToken cancellationToken)
    {
        var octets = form is NoticeForm.VoEvent ? Xml : Gcn;
        return Task.FromResult<Outcome<NoticeContent>>(id != Notice ? new Refusal(RefusalCode.NotFound, "There is no such notice.")
            : new NoticeContent(octets, form is NoticeForm.VoEvent ? "application/xml" : "application/json",
                Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(octets))));
    }

    public Task<Outcome<IssuedToken>> IssueAsync(string name, ImmutableArray<string> roles, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<IssuedToken>>(name == "taken" ? new Refusal(RefusalCode.Conflict, "The name has a token.") : new IssuedToken(name, roles, "fresh"));

    public Task<TokenHolder?> VerifyAsync(string token, CancellationToken cancellationToken) =>
        Task.FromResult(Roles.All.FirstOrDefault(role => TokenOf(role) == token) is { } role ? new TokenHolder($"holder-of-{role}", [role]) : null);

    public Task<ImmutableArray<string>> WithdrawnAsync(ImmutableArray<string> digests, CancellationToken cancellationToken) => Task.FromResult<ImmutableArray<string>>([]);

    public Task<Outcome<TokenHolder>> RevokeAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<TokenHolder>>(name == "gone" ? new Refusal(RefusalCode.NotFound, "The name has no token.") : new TokenHolder(name, []));

    public static readonly PacketSummary Packet =
        new("00112233445566778899aabbccddeeff", 7, null, "eclairs-alert", 576, 12, Time, "KOU", Time, ReceptionVerdict.Valid, false);

    public static readonly BurstView View = new(
        Burst, null, 7, BurstStatus.Active, "83886081", new(null, Time), "not-requested", null, null, null, new("ECLAIRs", 189.9811, -17.7676, 0.04, 30.71, Time),
        [], [new("eclairs-alert", 3, 1, 1281, 5, 4, 2, 1)], [new(Notice, "mxt-initial", true, Time)], default, Time, Time, null);

    public static readonly NoticeView NoticeView = new(
        Notice, 17, Burst, 1, "mxt-initial", 2, "N2m", "mxt", "sent", null, "ivo://org.svom/fsc#" + Notice, "initial", null, Time, Time, [], null);

    public static readonly BurstMessageView MessageView = new(
        "grm-light-curve", 0, "77", 2, 1, [2], MessageState.Partial, false, 1, Time, "quiet", null, Time, Time.AddSeconds(2), [1]);

    private static readonly LightCurvePacket Curve = new(
        new(PacketKind.GrmLightCurve, 77, 0, 1, 2), Time, Time.AddSeconds(-5), 0.5, 12, "011", [.. Enumerable.Range(0, 3).Select(static band => Enumerable.Range(100 * band, 10).ToImmutableArray())]);
    private sealed class OneDesk : ITelescopeDeskGrain
    {
        public Task<Outcome<TelescopeReceipt>> ReceivedAsync(TelescopeReceipt receipt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Outcome<TelescopeIntent>> IntendsAsync(TelescopeIntent intent, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Outcome<ImmutableArray<TelescopeReceipt>>> ReceiptsAsync(string notice, CancellationToken cancellationToken) =>
            Task.FromResult<Outcome<ImmutableArray<TelescopeReceipt>>>(notice == Notice
                ? ImmutableArray.Create(new TelescopeReceipt("colibri", Guid.Empty, Time, Time)) : new Refusal(RefusalCode.NotFound, "There is no such notice."));

        public Task<ImmutableArray<TelescopeIntent>> IntentsAsync(string burst, CancellationToken cancellationToken) => Task.FromResult<ImmutableArray<TelescopeIntent>>(
            [new("colibri", burst, TelescopeIntentKind.Cannot, "clouds", null, Time), new("colibri", burst, TelescopeIntentKind.WillObserve, null, Time, Time.AddMinutes(9))]);
    }

    private sealed class OneSummary : IBurstSummaryGrain
    {
        public Task<Outcome<FollowThroughSummary>> GetAsync(CancellationToken cancellationToken) => Task.FromResult<Outcome<FollowThroughSummary>>(new FollowThroughSummary(
            Burst, 4, 7, Time, FollowPhase.AwaitingPosition,
            [
                new(FollowStep.Validation, Time, Time.AddMinutes(10), true, "accepted", Time.AddMinutes(11), 660, 60),
                new(FollowStep.Position, Time, Time.AddMinutes(15), true, null, null, null, null),
            ],
            [new("accept", "expert", Time.AddMinutes(11), "bright and alone")], null, null, null));
    }

    private sealed class OneBurst(Platform platform, string id) : IBurstGrain
    {
        private static readonly Refusal Unknown = new(RefusalCode.NotFound, "There is no such burst.");

        public Task<Outcome<BurstView>> GetAsync(CancellationToken cancellationToken) => Task.FromResult<Outcome<BurstView>>(id == Burst ? View : Unknown);

        public Task<Outcome<ActAnswer>> ActAsync(BurstAct act, CancellationToken cancellationToken)
        {
            platform.Acts.Add(act);
            return Task.FromResult<Outcome<ActAnswer>>(
                id != Burst ? Unknown
                : act.IdempotencyKey is "reused" ? new Refusal(RefusalCode.KeyReused, "The key was used before.")
                : act.IfVersion is not (null or 7) ? new Refusal(RefusalCode.Conflict, "The burst is at version 7.")
                : new ActAnswer(View, [new(Notice, "retraction", true, Xml, Gcn)], act.At is not null));
        }

        public Task<Outcome<ImmutableArray<TimelineEntry>>> TimelineAsync(CancellationToken cancellationToken) =>
            Task.FromResult<Outcome<ImmutableArray<TimelineEntry>>>(id == Burst ? ImmutableArray.Create(new TimelineEntry(Time, null, "packet", "A packet came.")) : Unknown);

        public Task<Outcome<ImmutableArray<BurstMessageView>>> MessagesAsync(CancellationToken cancellationToken) =>
            Task.FromResult<Outcome<ImmutableArray<BurstMessageView>>>(id == Burst ? ImmutableArray.Create(MessageView) : Unknown);

        public Task<Outcome<BurstMessageParts>> MessageAsync(string kind, int number, string? observation, CancellationToken cancellationToken) =>
            Task.FromResult<Outcome<BurstMessageParts>>(
                id == Burst && kind == MessageView.Kind && number == 0 && observation is null or "77" ? new BurstMessageParts(MessageView, [MessagePayload.Of(Curve.ToFrame(1, Time)).ToArray()]) : Unknown);

        public Task<Outcome<ImmutableArray<NoticeExplanation>>> ExplainAsync(CancellationToken cancellationToken) =>
            Task.FromResult<Outcome<ImmutableArray<NoticeExplanation>>>(id == Burst ? ImmutableArray.Create(new NoticeExplanation("wakeup", "waiting", ["It waits for validation."])) : Unknown);
    }
}
