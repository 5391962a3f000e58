using MQTTnet.Diagnostics.Logger;

namespace Svom.Notifications.Mqtt;

/// <summary>What the broker says in the log.</summary>
internal static partial class MqttLog
{
    [LoggerMessage(7001, LogLevel.Information, "MQTT broker listens on {EndPoint}")]
    public static partial void Listening(this ILogger logger, string endPoint);

    [LoggerMessage(7002, LogLevel.Debug, "MQTT {Kind} of {ClientId} ({User}) refused: {Reason}")]
    public static partial void Refused(this ILogger logger, string kind, string clientId, string? user, string reason);

    [LoggerMessage(7003, LogLevel.Error, "Alarm: MQTT client {ClientId} ({User}) was cut off with {Outstanding} messages outstanding; its session is discarded")]
    public static partial void Overflowed(this ILogger logger, string clientId, string? user, long outstanding);

    [LoggerMessage(7004, LogLevel.Warning, "MQTT echo connection lost: {Reason}; connecting again")]
    public static partial void EchoLost(this ILogger logger, string reason);

    [LoggerMessage(7005, LogLevel.Debug, "MQTT echo connection not possible yet")]
    public static partial void EchoRefused(this ILogger logger, Exception exception);

    [LoggerMessage(7006, LogLevel.Debug, "MQTT: {Text}")]
    public static partial void Library(this ILogger logger, Exception? exception, string text);

    [LoggerMessage(7007, LogLevel.Warning, "MQTT login could not be checked")]
    public static partial void LoginUnchecked(this ILogger logger, Exception exception);

    [LoggerMessage(7008, LogLevel.Warning, "MQTT heartbeat could not be sent")]
    public static partial void HeartbeatFailed(this ILogger logger, Exception exception);

    [LoggerMessage(7010, LogLevel.Warning, "MQTT sessions could not be cleared away")]
    public static partial void SweepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(7011, LogLevel.Warning, "MQTT subscribers on the shelf {Shelf} could not be kept yet; again in a moment")]
    public static partial void SubscribersNotKept(this ILogger logger, string shelf, Exception exception);

    [LoggerMessage(7012, LogLevel.Information, "{Sessions} MQTT sessions are there again, with {Messages} messages that were not acknowledged")]
    public static partial void Restored(this ILogger logger, int sessions, long messages);

    [LoggerMessage(7013, LogLevel.Error, "Alarm: MQTT sessions of before the start could not be restored; sessions do not outlive this run of the platform")]
    public static partial void NotRestored(this ILogger logger, Exception exception);

    [LoggerMessage(7014, LogLevel.Information, "MQTT client {ClientId} ({User}) is disconnected: its token was withdrawn")]
    public static partial void Withdrawn(this ILogger logger, string clientId, string? user);

    [LoggerMessage(7015, LogLevel.Warning, "MQTT: it could not be looked whether tokens were withdrawn; again in a moment")]
    public static partial void WithdrawalsUnseen(this ILogger logger, Exception exception);

    [LoggerMessage(7016, LogLevel.Warning, "MQTT: receptions of {User} could not be stored; the connection ends, and what was not acknowledged comes again")]
    public static partial void DeliveryFailed(this ILogger logger, string? user, Exception exception);

    [LoggerMessage(7017, LogLevel.Warning, "MQTT: what {User} said could not be taken down; the connection ends, and it will be said again")]
    public static partial void NotTakenDown(this ILogger logger, string? user, Exception exception);

    [LoggerMessage(7009, LogLevel.Debug, "MQTT session of {ClientId} expired")]
    public static partial void SessionExpired(this ILogger logger, string clientId);
}

/// <summary>The library's warnings at debug level: a hostile client must not be able to fill a log.</summary>
internal sealed class MqttLibraryLog(ILogger logger) : IMqttNetLogger
{
    public bool IsEnabled => logger.IsEnabled(LogLevel.Debug);

    public void Publish(MqttNetLogLevel logLevel, string source, string message, object[]? parameters, Exception? exception)
    {
        if (logLevel >= MqttNetLogLevel.Warning && IsEnabled)
        {
            logger.Library(exception, parameters is { Length: > 0 } ? string.Format(null, message, parameters) : message);
        }
    }
}
