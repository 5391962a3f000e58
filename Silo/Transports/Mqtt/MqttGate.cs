using System.Collections;
using System.Globalization;
using System.Text;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Svom.Notifications.Mqtt;

/// <summary>Applies <see cref="MqttAccess"/> to everything clients publish and subscribe.</summary>
internal sealed class MqttGate(
    MqttServer server, MqttSessions sessions, IDictionary ownItems, MqttOptions settings, MqttMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>Longest a message without retain may wait for its subscriber. Source: contract of the MQTT door, 24 hours.</summary>
    private const uint MostExpirySeconds = 24 * 60 * 60;

    /// <summary>A user property of two texts.</summary>
    public static MqttUserProperty Property(string name, string value) => new(name, Encoding.UTF8.GetBytes(value).AsMemory());

    /// <summary>Hooks into the server.</summary>
    public void Attach()
    {
        server.InterceptingPublishAsync += OnPublishAsync;
        server.InterceptingSubscriptionAsync += OnSubscribeAsync;
        server.InterceptingUnsubscriptionAsync += unsubscribing =>
        {
            sessions.Find(unsubscribing.ClientId)?.RemoveFilter(unsubscribing.Topic);
            return Task.CompletedTask;
        };
    }

    private Task OnPublishAsync(InterceptingPublishEventArgs publishing)
    {
        var message = publishing.ApplicationMessage;
        if (!ReferenceEquals(publishing.SessionItems, ownItems))
        {
            var peer = sessions.Find(publishing.ClientId)?.Peer;
            var refusal = peer is null ? "The session is gone." : MqttAccess.RefusePublish(peer, message.Topic ?? string.Empty, message.Payload, message.Retain);
            if (refusal is not null)
            {
                Refuse(publishing, refusal, peer);
                return Task.CompletedTask;
            }

            if (peer!.IsPlatform)
            {
                message.Payload = SystemTopics.AsOf(message.Topic!, message.Payload, time);
            }
            else
            {
                message.MessageExpiryInterval = message.Retain ? 0 : Math.Min(message.MessageExpiryInterval is 0 ? MostExpirySeconds : message.MessageExpiryInterval, MostExpirySeconds);
            }
        }

        if (message is { MessageExpiryInterval: > 0 })
        {
            // The library hands the interval on as it came; the arrival lets the way out count it down and drop what is worthless.
            (message.UserProperties ??= []).Add(Property(
                MqttQueues.ArrivalProperty, time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        }

        metrics.Published();
        return Task.CompletedTask;
    }

    /// <summary>MQTT 5 answers with 0x87. MQTT 3.1.1 has no negative PUBACK: there the connection is closed, as 3.3.5 of its text allows.</summary>
    private void Refuse(InterceptingPublishEventArgs publishing, string reason, MqttPeer? peer)
    {
        publishing.ProcessPublish = false;
        publishing.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
        publishing.Response.ReasonString = reason;
        publishing.CloseConnection = peer is not { SpeaksV5: true };
        metrics.Refused("publish");
        logger.Refused("publication", publishing.ClientId, peer?.Name, reason);
    }

    private Task OnSubscribeAsync(InterceptingSubscriptionEventArgs subscribing)
    {
        var refusal = MqttAccess.RefuseSubscribe(subscribing.TopicFilter.Topic);
        var code = MqttSubscribeReasonCode.NotAuthorized;
        if (refusal is null && sessions.Find(subscribing.ClientId)?.AddFilter(subscribing.TopicFilter.Topic, settings.MaxSubscriptions) == false)
        {
            (refusal, code) = ($"At most {settings.MaxSubscriptions} topic filters for each client.", MqttSubscribeReasonCode.QuotaExceeded);
        }

        if (refusal is not null)
        {
            subscribing.ProcessSubscription = false;
            subscribing.Response.ReasonCode = code;
            subscribing.ReasonString = refusal;
            metrics.Refused("subscribe");
            logger.Refused("subscription", subscribing.ClientId, subscribing.UserName, refusal);
        }

        return Task.CompletedTask;
    }
}
