using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Formatter;
using Svom.Access;
using Svom.Notifications;
using Svom.Notifications.Mqtt;

namespace Svom.Contracts.Notifications;

/// <summary>A broker on a free port, wired as the platform wires it, with a fixed set of tokens.</summary>
internal sealed class MqttPlatform : IAsyncDisposable
{
    public const string Telescope = "colibri";
    public const string TelescopeToken = "token-of-colibri";
    public const string Station = "kourou";
    public const string StationToken = "token-of-kourou";
    public const string OperatorToken = "token-of-the-operator";
    private readonly WebApplication _app;
    private bool _stopped;

    private MqttPlatform(WebApplication app) => _app = app;

    public int Port => _app.Services.GetRequiredService<MqttEndpoint>().Port;

    public Uri Web => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
        .Single(address => !address.EndsWith($":{Port}", StringComparison.Ordinal)));

    public IAlertTransport Transport => _app.Services.GetRequiredService<IAlertTransport>();

    public MqttBroker Broker => _app.Services.GetRequiredService<MqttBroker>();

    public PlatformConnection Own => _app.Services.GetRequiredService<PlatformConnection>();

    public List<MqttOverflow> Overflows { get; } = [];

    /// <summary>Where the words of telescopes end.</summary>
    public FakeDesk Desk => (FakeDesk)_app.Services.GetRequiredService<ITelescopeDesk>();

    /// <summary>Where receptions end.</summary>
    public FakeIntake Intake => (FakeIntake)_app.Services.GetRequiredService<IReceptionIntake>();

    /// <summary>Tokens that are no more.</summary>
    public ConcurrentDictionary<string, byte> Withdrawn => ((FixedTokens)_app.Services.GetRequiredService<IMqttAuthenticator>()).Withdrawn;

    public static Task<MqttPlatform> StartAsync(TimeProvider? time = null, params (string Name, string Value)[] settings) =>
        StartAsync(new KeptSubscribers(time ?? TimeProvider.System), time, settings);

    public static async Task<MqttPlatform> StartAsync(KeptSubscribers kept, TimeProvider? time = null, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddInMemoryCollection(
            settings.Prepend(("Svom:Ports:Mqtt", "0")).DistinctBy(s => s.Item1).ToDictionary(s => s.Item1, s => (string?)s.Item2));
        foreach (var (name, value) in settings)
        {
            builder.Configuration[name] = value;
        }

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            kestrel.ListenMqtt();
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddMetrics();
        builder.Services.AddLogging();
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddSingleton<IMqttAuthenticator, FixedTokens>();
        builder.Services.AddSingleton<ISubscriberStore>(kept);
        builder.Services.AddSingleton<ITelescopeDesk, FakeDesk>().AddSingleton<IReceptionIntake, FakeIntake>();
        builder.Services.AddMqttTransport();
        MqttPlatform? platform = null;
        builder.Services.AddSingleton<MqttOverflowAlarm>(overflow =>
        {
            lock (platform!.Overflows)
            {
                platform.Overflows.Add(overflow);
            }
        });
        var app = builder.Build();
        platform = new MqttPlatform(app);
        app.MapMqtt();
        await app.StartAsync();
        return platform;
    }

    public MqttClientOptionsBuilder As(string? user = null, string? password = null, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Port).WithProtocolVersion(version).WithTimeout(TimeSpan.FromSeconds(20));
        return user is null ? options : options.WithCredentials(user, password);
    }

    public async Task<MqttListener> ConnectAsync(string? user = null, string? password = null, MqttProtocolVersion version = MqttProtocolVersion.V500, Action<MqttClientOptionsBuilder>? more = null)
    {
        var options = As(user, password, version);
        more?.Invoke(options);
        var listener = new MqttListener();
        await listener.ConnectAsync(options.Build());
        return listener;
    }

    /// <summary>A client whose session outlives its connection by an hour.</summary>
    public Task<MqttListener> LastingAsync(string clientId, string? user = null, string? password = null, MqttProtocolVersion version = MqttProtocolVersion.V500) =>
        ConnectAsync(user, password, version, options => options.WithClientId(clientId).WithCleanSession(false).WithSessionExpiryInterval(3_600));

    public Task<MqttListener> TelescopeAsync(MqttProtocolVersion version = MqttProtocolVersion.V500) => ConnectAsync(Telescope, TelescopeToken, version);

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }

    private sealed class FixedTokens : IMqttAuthenticator
    {
        /// <summary>Digests of tokens.</summary>
        public ConcurrentDictionary<string, byte> Withdrawn { get; } = new(StringComparer.Ordinal);

        public ValueTask<MqttHolder?> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken)
        {
            TokenHolder? holder = (userName, password) switch
            {
                (Telescope, TelescopeToken) => new(Telescope, [Roles.Telescope]),
                (Station, StationToken) => new(Station, [Roles.Station]),
                (Roles.Operator, OperatorToken) => new(Roles.Operator, [Roles.Operator]),
                _ => null,
            };
            var token = TokenDigest.Of(password);
            return ValueTask.FromResult(holder is null || Withdrawn.ContainsKey(token) ? null : new MqttHolder(holder, token));
        }

        public ValueTask<IReadOnlyCollection<string>> WithdrawnAsync(IReadOnlyCollection<string> tokens, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyCollection<string>>([.. tokens.Where(Withdrawn.ContainsKey)]);
    }
}
