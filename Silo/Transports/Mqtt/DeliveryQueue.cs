using System.Collections.Immutable;
using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// The receptions of one connection on their way to the log. What arrives while a batch is being written makes the next batch, so that a sender
/// with many messages under way shares the disk's turn among them. Answers go out in the order in which the messages came and after they are durable;
/// while the queue is full, the connection is not read. Source of the order: MQTT 5.0, 4.6.
/// </summary>
internal sealed class DeliveryQueue : IDisposable
{
    private static readonly TimeSpan OverloadPause = TimeSpan.FromMilliseconds(100);
    private readonly MqttPeer _peer;
    private readonly IMqttChannelAdapter _wire;
    private readonly IReceptionIntake _intake;
    private readonly MqttMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _most;
    private readonly Channel<Delivery> _waiting;
    private readonly CancellationTokenSource _ended = new();

    public DeliveryQueue(MqttPeer peer, IMqttChannelAdapter wire, IReceptionIntake intake, int most, MqttMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_peer, _wire, _intake, _most, _metrics, _time, _logger) = (peer, wire, intake, most, metrics, time, logger);
        _waiting = Channel.CreateBounded<Delivery>(new BoundedChannelOptions(most) { SingleReader = true, SingleWriter = true });
        _ = Task.Run(RunAsync);
    }

    /// <summary>Cancelled when the connection must end: nothing that waits will be answered, so that its sender sends it again.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Takes a publication; waits while the queue is full.</summary>
    public ValueTask TakeAsync(MqttPublishPacket publish, CancellationToken cancellationToken) =>
        _waiting.Writer.WriteAsync(Delivery.Judge(_peer, publish), cancellationToken);

    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _ended.Cancel();
    }

    private async Task RunAsync()
    {
        try
        {
            var together = new List<Delivery>();
            while (await _waiting.Reader.WaitToReadAsync(_ended.Token))
            {
                together.Clear();
                while (together.Count < _most && _waiting.Reader.TryRead(out var delivery))
                {
                    together.Add(delivery);
                }

                await StoreAsync(together);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (!_ended.IsCancellationRequested)
            {
                _logger.DeliveryFailed(_peer.Name, exception);
                await FarewellAsync(MqttDisconnectReasonCode.ServerBusy, "Receptions can't be stored at the moment: what was not acknowledged is to be sent again.");
            }
        }
        finally
        {
            await _ended.CancelAsync();
        }
    }

    private async Task StoreAsync(List<Delivery> together)
    {
        var receptions = together.SelectMany(static delivery => delivery.Receptions).ToImmutableArray();
        var refusal = receptions.IsEmpty ? null : await IngestAsync(receptions);
        foreach (var delivery in together)
        {
            // One that the log takes offence at must not take its neighbours with it.
            var own = refusal is null || delivery.Receptions.IsEmpty ? null : together.Count == 1 ? refusal : await IngestAsync(delivery.Receptions);
            await AnswerAsync(own is null ? delivery : delivery with { Code = MqttPubAckReasonCode.PayloadFormatInvalid, Reason = own.Detail });
        }
    }

    /// <returns>Why it is nothing to be stored, ever; null when it is durable.</returns>
    private async Task<Refusal?> IngestAsync(ImmutableArray<Reception> receptions)
    {
        while (true)
        {
            var outcome = await _intake.IngestAsync(new(receptions), _ended.Token);
            if (outcome.Accepted || outcome.Refusal.Code is not RefusalCode.Overloaded)
            {
                return outcome.Accepted ? null : outcome.Refusal;
            }

            await Task.Delay(OverloadPause, _time, _ended.Token); // Meanwhile nothing is read: the sender waits, too.
        }
    }

    /// <summary>
    /// MQTT 5 is told why. An old client has no ears for it: what its token does not allow ends the connection, lest it goes on believing; what is no
    /// reception is acknowledged, counted and dropped, or it would come again for ever.
    /// </summary>
    private async Task AnswerAsync(Delivery delivery)
    {
        if (delivery.Reason is { } reason)
        {
            _metrics.Refused("reception");
            _logger.Refused("reception", string.Empty, _peer.Name, reason);
            if (!_peer.SpeaksV5 && delivery.Code is MqttPubAckReasonCode.NotAuthorized or MqttPubAckReasonCode.TopicNameInvalid)
            {
                await _ended.CancelAsync();
                _ended.Token.ThrowIfCancellationRequested();
            }
        }
        else
        {
            _metrics.Received(delivery.Receptions.Length);
        }

        if (delivery.Answer(_peer.SpeaksV5) is { } answer)
        {
            await _wire.SendPacketAsync(answer, _ended.Token);
        }
    }

    private async Task FarewellAsync(MqttDisconnectReasonCode code, string reason)
    {
        try
        {
            if (_peer.SpeaksV5)
            {
                await _wire.SendPacketAsync(new MqttDisconnectPacket { ReasonCode = code, ReasonString = reason }, _ended.Token);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _logger.Library(exception, "The sender of receptions had gone already.");
        }
    }
}
