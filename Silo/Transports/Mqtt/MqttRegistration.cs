using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MQTTnet.AspNetCore;

namespace Svom.Notifications.Mqtt;

/// <summary>Where the broker really listens: known once the server has bound its port.</summary>
internal sealed class MqttEndpoint
{
    private ListenOptions? _listening;

    /// <summary>The port; a free one when the setting says 0.</summary>
    public int Port => _listening?.IPEndPoint?.Port
        ?? throw new InvalidOperationException("The MQTT endpoint is missing: call ListenMqtt where Kestrel is configured.");

    public void Bind(ListenOptions listening) => _listening = listening;

    public override string ToString() => $"mqtt://127.0.0.1:{Port}";
}

/// <summary>The three lines of the composition root.</summary>
internal static class MqttRegistration
{
    /// <summary>Broker, outlet, heartbeat and status. To be called after the silo's own registration: it starts by asking grains.</summary>
    public static IServiceCollection AddMqttTransport(this IServiceCollection services)
    {
        services.AddOptions<MqttOptions>()
            .BindConfiguration(MqttOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .Configure<IConfiguration>((options, settings) => options.Port = settings.GetValue(MqttOptions.PortSetting, options.Port))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<MqttOptions>, MqttOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMqttAuthenticator, TokenMqttAuthenticator>();
        services.TryAddSingleton<ISubscriberStore, GrainSubscriberStore>();
        services.TryAddSingleton<ITelescopeDesk, GrainTelescopeDesk>();
        services.TryAddSingleton<IReceptionIntake, GrainReceptionIntake>();
        services.AddConnections();
        services.AddSingleton<MqttMetrics>();
        services.AddSingleton<MqttEndpoint>();
        services.AddSingleton<MqttDoor>();
        services.AddSingleton<MqttBroker>();
        services.AddSingleton<MqttRestore>();
        services.AddSingleton<PlatformConnection>();
        services.AddSingleton<IAlertTransport, MqttAlertTransport>();
        return services.AddHostedService<MqttHost>();
    }

    /// <summary>The TCP endpoint.</summary>
    public static void ListenMqtt(this KestrelServerOptions kestrel)
    {
        var services = kestrel.ApplicationServices;
        kestrel.Listen(IPAddress.Loopback, services.GetRequiredService<IOptions<MqttOptions>>().Value.Port, listening =>
        {
            services.GetRequiredService<MqttEndpoint>().Bind(listening);
            listening.UseConnectionHandler<MqttDoor>();
        });
    }

    /// <summary>MQTT over WebSocket at <c>/mqtt</c>, sub-protocol <c>mqtt</c>.</summary>
    public static void MapMqtt(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapConnectionHandler<MqttDoor>("/mqtt", options =>
        {
            options.Transports = HttpTransportType.WebSockets;
            options.WebSockets.SubProtocolSelector = MqttSubProtocolSelector.SelectSubProtocol;
        });
}
