using System.Buffers;
using MQTTnet.Protocol;
using Svom.Outcomes;

namespace Svom.Notifications.Mqtt;

/// <summary>Where what telescopes say about alerts and bursts is taken down before it is acknowledged.</summary>
internal interface ITelescopeDesk
{
    /// <returns>Why it is not taken down; null when it is durable.</returns>
    Task<Refusal?> ReceivedAsync(TelescopeReceipt receipt, CancellationToken cancellationToken);

    /// <returns>Why it is not taken down; null when it is durable.</returns>
    Task<Refusal?> IntendsAsync(TelescopeIntent intent, CancellationToken cancellationToken);
}

/// <summary>The platform's own.</summary>
internal sealed class GrainTelescopeDesk(IGrainFactory grains) : ITelescopeDesk
{
    private ITelescopeDeskGrain Desk => grains.GetGrain<ITelescopeDeskGrain>(0);

    public async Task<Refusal?> ReceivedAsync(TelescopeReceipt receipt, CancellationToken cancellationToken) => (await Desk.ReceivedAsync(receipt, cancellationToken)).Refusal;

    public async Task<Refusal?> IntendsAsync(TelescopeIntent intent, CancellationToken cancellationToken) => (await Desk.IntendsAsync(intent, cancellationToken)).Refusal;
}

/// <summary>What a publication of a telescope means.</summary>
internal static class TelescopeSpeech
{
    /// <summary>Takes a receipt or an intent down; everything else is for those who listen now, and is not kept.</summary>
    /// <returns>Why it is not handed on; null when it may be.</returns>
    public static async Task<MqttRefusal?> KeepAsync(ITelescopeDesk desk, MqttPeer peer, string topic, ReadOnlySequence<byte> payload, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var refusal = topic[(topic.LastIndexOf('/') + 1)..] switch
        {
            "receipt" => TelescopePayload.ReadReceipt(peer.Name!, payload.ToArray(), now) is var (receipt, fault) && receipt is not null
                ? await desk.ReceivedAsync(receipt, cancellationToken) : new(RefusalCode.Invalid, fault!),
            "intent" => TelescopePayload.ReadIntent(peer.Name!, payload.ToArray(), MqttAccess.IsDrill(topic), now) is var (intent, fault) && intent is not null
                ? await desk.IntendsAsync(intent, cancellationToken) : new(RefusalCode.Invalid, fault!),
            _ => null,
        };
        return refusal is null ? null
            : new(refusal.Code is RefusalCode.Invalid ? MqttPubAckReasonCode.PayloadFormatInvalid : MqttPubAckReasonCode.ImplementationSpecificError, refusal.Detail);
    }
}

/// <summary>A "no" to a publication.</summary>
/// <param name="Code">What MQTT 5 is told.</param>
/// <param name="Reason">The same in a sentence.</param>
internal sealed record MqttRefusal(MqttPubAckReasonCode Code, string Reason)
{
    /// <summary>True when it is about what was said, not about who may: said again it would be refused for ever.</summary>
    public bool OfContent => Code is not MqttPubAckReasonCode.NotAuthorized;
}
