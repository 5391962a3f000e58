using System.Collections;
using System.Text;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Svom.Notifications.Mqtt;

/// <summary>Applies <see cref="MqttAccess"/> to everything clients publish and subscribe.</summary>
internal sealed class MqttGate(
    MqttServer server, MqttSessions sessions, SubscriberMemory memory, ITelescopeDesk desk, IDictionary ownItems, MqttOptions settings, MqttMetrics metrics, TimeProvider time,
    ILogger logger)
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
        server.InterceptingInboundPacketAsync += inbound =>
            inbound.Packet is MqttSubscribePacket subscribe ? OnSubscribePacketAsync(inbound, subscribe) : Task.CompletedTask;
        server.InterceptingUnsubscriptionAsync += unsubscribing =>
        {
            // The library holds a lock of this thread meanwhile: nothing may be waited for.
            if (sessions.Find(unsubscribing.ClientId) is { } session && session.HasFilter(unsubscribing.Topic))
            {
                var kept = session.Lasting;
                session.RemoveFilter(unsubscribing.Topic);
                if (kept)
                {
                    memory.Changed(session.Peer);
                }
            }

            return Task.CompletedTask;
        };
    }

    private async Task OnPublishAsync(InterceptingPublishEventArgs publishing)
    {
        var message = publishing.ApplicationMessage;
        if (!ReferenceEquals(publishing.SessionItems, ownItems))
        {
            var peer = sessions.Find(publishing.ClientId)?.Peer;
            var refusal = peer is null ? new(MqttPubAckReasonCode.NotAuthorized, "The session is gone.")
                : MqttAccess.RefusePublish(peer, message.Topic ?? string.Empty, message.Payload, message.Retain);
            if (refusal is null && !peer!.IsPlatform)
            {
                refusal = await KeepAsync(publishing, peer);
            }

            if (refusal is not null)
            {
                Refuse(publishing, refusal, peer);
                return;
            }

            if (!publishing.ProcessPublish)
            {
                return;
            }

            MqttStamp.RemoveForged(message.UserProperties);
            if (peer!.IsPlatform)
            {
                message.Payload = SystemTopics.AsOf(message.Topic!, message.Payload, time);
            }
            else
            {
                message.MessageExpiryInterval = message.Retain ? 0 : Math.Min(message.MessageExpiryInterval is 0 ? MostExpirySeconds : message.MessageExpiryInterval, MostExpirySeconds);
            }
        }

        if (message is { MessageExpiryInterval: > 0 } && MqttStamp.Read(message.UserProperties) is null)
        {
            // The library hands the interval on as it came; the arrival lets the way out count it down and drop what is worthless.
            (message.UserProperties ??= []).Add(MqttStamp.Of(time.GetUtcNow(), null));
        }

        metrics.Published();
    }

    /// <summary>
    /// What a telescope says is acknowledged after it is durable. When it can't be taken down at the moment, the connection ends without an answer: any answer
    /// would be the last word about it, and the telescope shall say it again.
    /// </summary>
    private async Task<MqttRefusal?> KeepAsync(InterceptingPublishEventArgs publishing, MqttPeer peer)
    {
        var message = publishing.ApplicationMessage;
        try
        {
            return await TelescopeSpeech.KeepAsync(desk, peer, message.Topic!, message.Payload, time.GetUtcNow(), publishing.CancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            logger.NotTakenDown(peer.Name, exception);
            publishing.ProcessPublish = false;
            publishing.CloseConnection = true;
            return null;
        }
    }

    /// <summary>
    /// MQTT 5 is told why. MQTT 3.1.1 has no negative PUBACK: who may not is disconnected, as 3.3.5 of its text allows; what is malformed is
    /// acknowledged and dropped, or it would come again for ever.
    /// </summary>
    private void Refuse(InterceptingPublishEventArgs publishing, MqttRefusal refusal, MqttPeer? peer)
    {
        publishing.ProcessPublish = false;
        if (peer is { SpeaksV5: true })
        {
            publishing.Response.ReasonCode = refusal.Code;
            publishing.Response.ReasonString = refusal.Reason;
        }
        else
        {
            publishing.CloseConnection = !refusal.OfContent;
        }

        metrics.Refused("publish");
        logger.Refused("publication", publishing.ClientId, peer?.Name, refusal.Reason);
    }

    /// <summary>
    /// Before the library looks at it: while the disk is waited for, no retained state may change behind the back of a subscription that is half
    /// made. When SUBACK goes out, the subscription survives the process.
    /// </summary>
    private async Task OnSubscribePacketAsync(InterceptingPacketEventArgs inbound, MqttSubscribePacket subscribe)
    {
        if (sessions.Find(inbound.ClientId) is not { } session)
        {
            return;
        }

        var changed = false;
        foreach (var filter in subscribe.TopicFilters.Where(static filter => !string.IsNullOrEmpty(filter.Topic) && MqttAccess.RefuseSubscribe(filter.Topic) is null))
        {
            changed |= session.AddFilter(
                new(filter.Topic, (int)filter.QualityOfServiceLevel, filter.NoLocal, filter.RetainAsPublished, (int)filter.RetainHandling, subscribe.SubscriptionIdentifier, memory.Published),
                settings.MaxSubscriptions).Changed;
        }

        if (changed && session.Lasting)
        {
            await memory.KeptAsync(session.Peer, inbound.CancellationToken);
        }
    }

    private Task OnSubscribeAsync(InterceptingSubscriptionEventArgs subscribing)
    {
        var refusal = MqttAccess.RefuseSubscribe(subscribing.TopicFilter.Topic);
        var code = MqttSubscribeReasonCode.NotAuthorized;
        if (refusal is null && sessions.Find(subscribing.ClientId)?.HasFilter(subscribing.TopicFilter.Topic) == false)
        {
            (refusal, code) = (
                $"At most {settings.MaxSubscriptions} topic filters of {SubscriberFilters.MostChars} characters together for each client.", MqttSubscribeReasonCode.QuotaExceeded);
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
