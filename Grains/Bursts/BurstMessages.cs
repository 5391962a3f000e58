using System.Text.Json;
using System.Text.Json.Serialization;
using Svom.EventStore;

namespace Svom.Bursts;

/// <summary>What the sequencer owes a burst after a commit.</summary>
/// <param name="Feed">The burst's feed.</param>
/// <param name="After">Position of the last packet routed to this burst before: a burst that has not seen it is missing a message.</param>
/// <param name="Packets">Packets of the burst, in log order.</param>
/// <param name="Watermark">The feed's mission time, for a burst that waits for it.</param>
/// <param name="Link">Another burst that turned out to be linked.</param>
[GenerateSerializer, Immutable, Alias("svom.burst-message")]
internal sealed record BurstMessage(
    [property: Id(0)] string Feed, [property: Id(1)] long After, [property: Id(2)] HeardPacket[] Packets,
    [property: Id(3)] DateTimeOffset? Watermark = null, [property: Id(4)] string? Link = null);

/// <summary>What a burst owes the sequencer: wake me when the feed's mission time has come this far.</summary>
/// <param name="Burst">Who.</param>
/// <param name="At">Mission time; null: no more.</param>
/// <param name="Version">The burst's version then: an older wish never replaces a newer one.</param>
[GenerateSerializer, Immutable, Alias("svom.wake-wish")]
internal sealed record WakeWish([property: Id(0)] string Burst, [property: Id(1)] DateTimeOffset? At, [property: Id(2)] long Version);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BurstMessage))]
[JsonSerializable(typeof(WakeWish))]
internal sealed partial class BurstMessageJson : JsonSerializerContext;

/// <summary>Brings what sequencers owe to bursts.</summary>
internal sealed class BurstRoute(IGrainFactory grains) : IOwedRoute
{
    public const string RouteName = "burst";

    public string Name => RouteName;

    public static Owed To(string burst, BurstMessage message) =>
        new(RouteName, burst, JsonSerializer.SerializeToUtf8Bytes(message, BurstMessageJson.Default.BurstMessage));

    public Task DeliverAsync(string target, IReadOnlyList<OwedRow> rows, CancellationToken cancellationToken) =>
        grains.GetGrain<IBurstFeedGrain>(target).TakeAsync(
            [.. rows.Select(static row => JsonSerializer.Deserialize(row.Message.Payload.Span, BurstMessageJson.Default.BurstMessage)!)], cancellationToken);
}

/// <summary>Wakes bursts by wall clock.</summary>
internal sealed class BurstDueRoute(IGrainFactory grains) : IDueRoute
{
    public string StreamKind => BurstGrain.StreamKind;

    public Task WakeAsync(string key, string name, CancellationToken cancellationToken) =>
        grains.GetGrain<IBurstFeedGrain>(key).WakeAsync(cancellationToken);
}
