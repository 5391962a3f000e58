using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>The markers that the executor writes for its own replay. Names and details stand in stored histories and never change.</summary>
internal static class WorkflowMarkers
{
    public const string Patch = "patch";
    public const string SideEffect = "side-effect";
    public const string LocalActivity = "local-activity";

    private const string Id = "id";
    private const string Deprecated = "deprecated";
    private const string Sequence = "sequence";
    private const string Type = "type";
    private const string Attempt = "attempt";
    private const string Result = "result";

    // Numbers of steps and attempts: nearly all that there are.
    private static readonly ImmutableArray<Payload>[] Small = [.. Enumerable.Range(0, 100).Select(static number => ImmutableArray.Create(Write((object)number)))];

    private static readonly ImmutableSortedDictionary<string, ImmutableArray<Payload>> NoDetails =
        ImmutableSortedDictionary.Create<string, ImmutableArray<Payload>>(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, Payload> NoPayloads { get; } = ImmutableSortedDictionary.Create<string, Payload>(StringComparer.Ordinal);

    public static RecordMarker OfPatch(string id, bool deprecated) => new(Patch, NoDetails.Add(Id, [Write(id)]).Add(Deprecated, [Write(deprecated)]), NoPayloads);

    public static RecordMarker OfSideEffect(int sequence, Payload result) => new(SideEffect, NoDetails.Add(Sequence, Write(sequence)).Add(Result, [result]), NoPayloads);

    public static RecordMarker Of(LocalStep step)
    {
        var details = NoDetails.ToBuilder(); // Built in place: each addition to the finished kind copies its way to the root.
        details.Add(Sequence, Write(step.Sequence));
        details.Add(Type, [Write(step.ActivityType)]);
        details.Add(Attempt, Write(step.Attempt));
        if (step.Result is { } result)
        {
            details.Add(Result, result);
        }

        return new(LocalActivity, details.ToImmutable(), NoPayloads, step.Failure);
    }

    public static bool IsPatch(EventAttributes attributes, string id) => attributes is MarkerRecorded { MarkerName: Patch } marker && string.Equals(PatchId(marker), id, StringComparison.Ordinal);

    public static bool IsDeprecatedPatch(EventAttributes attributes) => attributes is MarkerRecorded { MarkerName: Patch } marker && Read<bool>(marker.Details, Deprecated);

    public static string PatchId(MarkerRecorded marker) => Read<string>(marker.Details, Id) ?? "";

    /// <summary>Result of the side effect with that number; null when the event is something else.</summary>
    public static Payload? SideEffectResult(EventAttributes attributes, int sequence) =>
        attributes is MarkerRecorded { MarkerName: SideEffect } marker && Read<int>(marker.Details, Sequence) == sequence
        && marker.Details.TryGetValue(Result, out var result) && result is [var payload] ? payload : null;

    public static LocalStep LocalStep(MarkerRecorded marker) => new(
        Read<int>(marker.Details, Sequence), Read<string>(marker.Details, Type) ?? "", Read<int>(marker.Details, Attempt),
        marker.Failure is null ? marker.Details.GetValueOrDefault(Result, []) : null, marker.Failure);

    /// <summary>True when both say the same thing, whatever came of it.</summary>
    public static bool Same(RecordMarker asked, MarkerRecorded recorded) =>
        string.Equals(asked.MarkerName, recorded.MarkerName, StringComparison.Ordinal)
        && SameDetail(asked.Details, recorded.Details, Id) && SameDetail(asked.Details, recorded.Details, Sequence) && SameDetail(asked.Details, recorded.Details, Type);

    /// <summary>A marker in words.</summary>
    public static string Describe(string name, ImmutableSortedDictionary<string, ImmutableArray<Payload>> details) => name switch
    {
        Patch => $"patch '{Read<string>(details, Id)}'",
        SideEffect => $"side effect {Read<int>(details, Sequence)}",
        LocalActivity => $"local activity {Read<int>(details, Sequence)} '{Read<string>(details, Type)}'",
        _ => $"marker '{name}'",
    };

    private static Payload Write(object value) => JsonPayloadConverter.Default.ToPayload(value);

    private static ImmutableArray<Payload> Write(int number) => (uint)number < (uint)Small.Length ? Small[number] : [Write((object)number)];

    private static T? Read<T>(ImmutableSortedDictionary<string, ImmutableArray<Payload>> details, string name) =>
        details.TryGetValue(name, out var payloads) && payloads is [var payload] ? JsonPayloadConverter.Default.ToValue<T>(payload) : default;

    private static bool SameDetail(
        ImmutableSortedDictionary<string, ImmutableArray<Payload>> one, ImmutableSortedDictionary<string, ImmutableArray<Payload>> other, string name) =>
        one.TryGetValue(name, out var first) ? other.TryGetValue(name, out var second) && first[0].Equals(second[0]) : !other.ContainsKey(name);
}
