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
internal sealed record BurstMessage(string Feed, long After, HeardPacket[] Packets, DateTimeOffset? Watermark = null, string? Link = null);

/// <summary>What a burst owes the sequencer: wake me when the feed's mission time has come this far.</summary>
/// <param name="Burst">Who.</param>
/// <param name="At">Mission time; null: no more.</param>
/// <param name="Version">The burst's version then: an older wish never replaces a newer one.</param>
internal sealed record WakeWish(string Burst, DateTimeOffset? At, long Version);

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
