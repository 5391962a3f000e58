using Microsoft.Extensions.Options;

namespace Svom.Notifications.Mqtt;

/// <summary>Settings of the embedded broker, section <c>Svom:Mqtt</c>; the port stands in <c>Svom:Ports:Mqtt</c>.</summary>
internal sealed class MqttOptions
{
    /// <summary>Section of everything but the port.</summary>
    public const string Section = "Svom:Mqtt";

    /// <summary>The port's own setting, beside the other ports.</summary>
    public const string PortSetting = "Svom:Ports:Mqtt";

    /// <summary>Loopback port; 0 takes a free one. Default: 1883, registered with IANA for MQTT.</summary>
    public int Port { get; internal set; } = 1883;

    /// <summary>Messages a client may have queued and unacknowledged together before it is cut off. Default: 10,000.</summary>
    public int MaxPendingMessages { get; set; } = 10_000;

    /// <summary>Messages sent to one client and not yet acknowledged; a client's smaller Receive Maximum wins. Default: 1,000.</summary>
    public int MaxInFlightMessages { get; set; } = 1_000;

    /// <summary>Connections at one time, WebSocket included. Default: 1,000.</summary>
    public int MaxConnections { get; set; } = 1_000;

    /// <summary>Topic filters of one client. Default: 256.</summary>
    public int MaxSubscriptions { get; set; } = 256;

    /// <summary>Largest packet taken from a client, in bytes. Default: 65,536, eight envelopes.</summary>
    public int MaxPacketBytes { get; set; } = 65_536;

    /// <summary>Publications of receptions of one connection that are not acknowledged yet; MQTT 5 is told as Receive Maximum. Default: 256.</summary>
    public int MaxDeliveriesInFlight { get; set; } = 256;

    /// <summary>How long a publication waits for its echo. Default: 5 seconds.</summary>
    public TimeSpan EchoTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the session of an absent client is kept at most. Default and limit: 7 days.</summary>
    public TimeSpan SessionExpiry { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Sessions that outlive their connection of one user; all who are anonymous count as one. Default: 100.</summary>
    public int MaxSessionsPerUser { get; set; } = 100;

    /// <summary>How long a connection may stay without CONNECT, and a farewell may take. Default: 10 seconds.</summary>
    public TimeSpan CommunicationTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Stops the start with sentences that name the setting.</summary>
internal sealed class MqttOptionsValidator : IValidateOptions<MqttOptions>
{
    public ValidateOptionsResult Validate(string? name, MqttOptions options)
    {
        var failures = new List<string>();
        Check(MqttOptions.PortSetting, options.Port, 0, 65_535);
        Check(Path(nameof(options.MaxPendingMessages)), options.MaxPendingMessages, 16, 60_000);
        Check(Path(nameof(options.MaxInFlightMessages)), options.MaxInFlightMessages, 1, 60_000);
        Check(Path(nameof(options.MaxConnections)), options.MaxConnections, 2, 100_000);
        Check(Path(nameof(options.MaxSubscriptions)), options.MaxSubscriptions, 1, 10_000);
        Check(Path(nameof(options.MaxSessionsPerUser)), options.MaxSessionsPerUser, 1, 10_000);
        Check(Path(nameof(options.MaxPacketBytes)), options.MaxPacketBytes, 16_384, 1_048_576);
        Check(Path(nameof(options.MaxDeliveriesInFlight)), options.MaxDeliveriesInFlight, 1, 10_000);
        Check(Path(nameof(options.EchoTimeout)), options.EchoTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        Check(Path(nameof(options.SessionExpiry)), options.SessionExpiry, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7));
        Check(Path(nameof(options.CommunicationTimeout)), options.CommunicationTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        static string Path(string property) => $"{MqttOptions.Section}:{property}";

        void Check<T>(string setting, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                failures.Add($"{setting} is {value}: it must lie between {least} and {most}.");
            }
        }
    }
}
