using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Svom.Notifications.Mqtt;

/// <summary>A client whose queue was full.</summary>
internal sealed record MqttOverflow(string ClientId, string? User, long Outstanding);

/// <summary>Told of every overflow, for the alarm list.</summary>
internal delegate void MqttOverflowAlarm(MqttOverflow overflow);

/// <summary>Bounded queues, flow control and expiry: what goes out to subscribers, and what happens to those who don't keep up.</summary>
internal sealed class MqttQueues(
    MqttServer server, MqttSessions sessions, SubscriberMemory memory, MqttOptions settings, MqttMetrics metrics, TimeProvider time,
    IEnumerable<MqttOverflowAlarm> alarms, ILogger logger)
{
    /// <summary>Sender of alerts that are repeated after a restart.</summary>
    public const string Archive = "svom-archive";

    /// <summary>Hooks into the server.</summary>
    public void Attach()
    {
        server.ApplicationMessageEnqueuedOrDroppedAsync += OnEnqueuedAsync;
        server.InterceptingOutboundPacketAsync += OnOutboundAsync;
        server.InterceptingClientEnqueueAsync += enqueue =>
        {
            OnEnqueue(enqueue);
            return Task.CompletedTask;
        };
        server.ClientAcknowledgedPublishPacketAsync += acknowledged =>
        {
            if (sessions.Find(acknowledged.ClientId) is { } session)
            {
                session.LeaveWindow();
                Acknowledge(session, MqttStamp.Read(acknowledged.PublishPacket.UserProperties));
            }

            return Task.CompletedTask;
        };
        server.SessionDeletedAsync += async deleted =>
        {
            if ((await server.GetSessionsAsync()).All(session => session.Id != deleted.Id)) // Else its client is already back.
            {
                Forget(deleted.Id);
            }
        };
    }

    /// <summary>Deletes sessions whose client stayed away longer than it may. The library itself keeps them for ever.</summary>
    public async Task SweepAsync()
    {
        var now = time.GetUtcNow();
        var connected = (await server.GetClientsAsync()).Select(static client => client.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var session in (await server.GetSessionsAsync()).Where(session => !connected.Contains(session.Id)))
        {
            var known = sessions.Find(session.Id);
            var left = known?.LeftAt?.UtcDateTime is { } ours && !(session.DisconnectedTimestamp < ours) ? ours : session.DisconnectedTimestamp;
            if (now.UtcDateTime - left > (known?.Expiry ?? settings.SessionExpiry))
            {
                logger.SessionExpired(session.Id);
                await session.DeleteAsync();
            }
        }
    }

    /// <summary>
    /// Waits, for a second at most, until connected clients have what is queued for them: the library cuts queues off at its stop.
    /// Real time on purpose: sockets know no other.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        // Twice idle, since a message between queue and socket is seen in neither.
        for (int look = 0, idle = 0; look < 50 && idle < 2; look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            idle = sessions.All.All(session => session is { Outstanding: 0 } or { Status: null or { DisconnectedTimestamp: not null } }) ? idle + 1 : 0;
        }
    }

    private void OnEnqueue(InterceptingClientApplicationMessageEnqueueEventArgs enqueue)
    {
        if (MqttStamp.Read(enqueue.ApplicationMessage.UserProperties) is not { Sequence: > 0 and var sequence } || sessions.Find(enqueue.ReceiverClientId) is not { } session)
        {
            return;
        }

        enqueue.AcceptEnqueue = enqueue.SenderClientId != Archive || session.IsOwed(enqueue.ApplicationMessage.Topic, sequence);
        if (enqueue.AcceptEnqueue)
        {
            session.Owe(enqueue.ApplicationMessage.Topic, sequence); // Before it is queued: its acknowledgement may come at once.
        }
    }

    private void Acknowledge(MqttSession session, MqttStamp? stamp)
    {
        if (stamp is { Sequence: > 0 and var sequence } && session.Acknowledge(sequence) && session.Lasting)
        {
            memory.Changed(session.Peer);
        }
    }

    private void Forget(string clientId)
    {
        if (sessions.Find(clientId) is { } session)
        {
            var kept = session.Lasting || session.Doomed;
            sessions.Remove(clientId);
            if (kept)
            {
                memory.Changed(session.Peer);
            }
        }
    }

    private Task OnEnqueuedAsync(ApplicationMessageEnqueuedEventArgs enqueued)
    {
        if (sessions.Find(enqueued.ReceiverClientId) is { } session
            && (enqueued.IsDropped || session.Outstanding > settings.MaxPendingMessages)
            && session.Doom())
        {
            var overflow = new MqttOverflow(session.ClientId, session.Peer.Name, session.Outstanding);
            metrics.Overflowed();
            logger.Overflowed(overflow.ClientId, overflow.User, overflow.Outstanding);
            foreach (var alarm in alarms)
            {
                alarm(overflow);
            }

            // Not awaited: a client that stopped reading delays its own farewell, never the publisher.
            _ = DiscardAsync(session);
        }

        return Task.CompletedTask;
    }

    /// <summary>Cut off and forgotten: a session with a gap must not be resumed as if nothing were missing.</summary>
    private async Task DiscardAsync(MqttSession session)
    {
        try
        {
            await server.DisconnectClientAsync(
                session.ClientId,
                new MqttServerClientDisconnectOptions { ReasonCode = MqttDisconnectReasonCode.QuotaExceeded, ReasonString = "Too many messages wait for you." });
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            logger.Library(exception, "The client was already gone.");
        }

        try
        {
            await (session.Status?.DeleteAsync() ?? Task.CompletedTask);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            logger.SweepFailed(exception);
        }
        finally
        {
            Forget(session.ClientId);
        }
    }

    private async Task OnOutboundAsync(InterceptingPacketEventArgs outbound)
    {
        switch (outbound.Packet)
        {
            case MqttConnAckPacket answer when sessions.Find(outbound.ClientId) is { } session:
                answer.MaximumPacketSize = (uint)settings.MaxPacketBytes;
                answer.SharedSubscriptionAvailable = false;
                answer.SessionExpiryInterval = (uint)session.Expiry.TotalSeconds;
                break;
            case MqttPublishPacket message:
                await OnDeliveryAsync(outbound, message);
                break;
        }
    }

    private async Task OnDeliveryAsync(InterceptingPacketEventArgs outbound, MqttPublishPacket message)
    {
        if (message.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce && sessions.Find(outbound.ClientId) is { } session)
        {
            await session.EnterWindowAsync(outbound.CancellationToken);
        }

        if (MqttStamp.Read(message.UserProperties) is { } stamp)
        {
            var age = Math.Max(0, time.GetUtcNow().ToUnixTimeSeconds() - stamp.ArrivedSeconds);
            if (message.MessageExpiryInterval > 0 && age >= message.MessageExpiryInterval)
            {
                outbound.ProcessPacket = false;
                metrics.Expired();
                if (sessions.Find(outbound.ClientId) is { } late)
                {
                    late.LeaveWindow();
                    Acknowledge(late, stamp); // Worthless, so no longer owed.
                }

                return;
            }

            outbound.Packet = Aged(message, message.MessageExpiryInterval > 0 ? (uint)age : 0);
        }

        metrics.Delivered();
    }

    /// <summary>A copy, since the queued packet may have to be sent once more. Source: MQTT 5.0, 3.3.2.3.3.</summary>
    private static MqttPublishPacket Aged(MqttPublishPacket message, uint ageSeconds) => new()
    {
        PacketIdentifier = message.PacketIdentifier,
        Topic = message.Topic,
        Payload = message.Payload,
        QualityOfServiceLevel = message.QualityOfServiceLevel,
        Retain = message.Retain,
        Dup = message.Dup,
        ContentType = message.ContentType,
        CorrelationData = message.CorrelationData,
        PayloadFormatIndicator = message.PayloadFormatIndicator,
        ResponseTopic = message.ResponseTopic,
        SubscriptionIdentifiers = message.SubscriptionIdentifiers,
        UserProperties = message.UserProperties[..^1],
        MessageExpiryInterval = message.MessageExpiryInterval - ageSeconds,
    };
}
