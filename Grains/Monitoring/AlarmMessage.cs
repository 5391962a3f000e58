using System.Text.Json;
using System.Text.Json.Serialization;
using Svom.EventStore;

namespace Svom.Monitoring;

/// <summary>What a watch tells an alarm.</summary>
/// <param name="Id">Which alarm.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Raised">True: it is wrong; false: it is right again.</param>
/// <param name="At">When that was found.</param>
/// <param name="Since">First sign of it.</param>
/// <param name="Evidence">What shows it, with numbers.</param>
[GenerateSerializer, Immutable, Alias("svom.alarm-message")]
internal sealed record AlarmMessage(
    [property: Id(0)] string Id, [property: Id(1)] string Kind, [property: Id(2)] string? Station, [property: Id(3)] bool Raised, [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] DateTimeOffset Since, [property: Id(6)] AlarmPriority Priority, [property: Id(7)] string What, [property: Id(8)] string Evidence,
    [property: Id(9)] string Action);

/// <summary>A message with the place it comes from: a repeat is known by it.</summary>
[GenerateSerializer, Immutable, Alias("svom.alarm-news")]
internal sealed record AlarmNews([property: Id(0)] string Source, [property: Id(1)] long Version, [property: Id(2)] AlarmMessage Message);

/// <summary>Brings news to alarms.</summary>
internal sealed class AlarmRoute(IGrainFactory grains) : IOwedRoute
{
    public const string RouteName = "alarm";

    public string Name => RouteName;

    public static Owed To(AlarmMessage message) => new(RouteName, message.Id, JsonSerializer.SerializeToUtf8Bytes(message, AlarmJson.Default.AlarmMessage));

    public Task DeliverAsync(string target, IReadOnlyList<OwedRow> rows, CancellationToken cancellationToken) => grains.GetGrain<IAlarmNewsGrain>(target).TellAsync(
        [.. rows.Select(static row => new AlarmNews(row.Stream.Value, row.Version, JsonSerializer.Deserialize(row.Message.Payload.Span, AlarmJson.Default.AlarmMessage)!))],
        cancellationToken);
}

/// <summary>Wakes alarms whose shelving ends.</summary>
internal sealed class AlarmDueRoute(IGrainFactory grains) : IDueRoute
{
    public string StreamKind => AlarmGrain.StreamKind;

    public Task WakeAsync(string key, string name, CancellationToken cancellationToken) => grains.GetGrain<IAlarmNewsGrain>(key).WakeAsync(cancellationToken);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AlarmMessage))]
[JsonSerializable(typeof(AlarmRecord[]))]
[JsonSerializable(typeof(AlarmView))]
internal sealed partial class AlarmJson : JsonSerializerContext;
