using System.Collections.Immutable;

namespace Svom.Notifications;

/// <summary>An alert as it went out: first time and repeat are made from the same one.</summary>
/// <param name="Sequence">Place in the notice archive.</param>
/// <param name="Published">When it went out first.</param>
/// <param name="Topics">Full topics; the same message goes to each.</param>
/// <param name="Envelope">Exact bytes.</param>
/// <param name="Properties">MQTT 5 user properties, in order.</param>
/// <param name="Expiry">Counted from <paramref name="Published"/>: afterwards it is worthless.</param>
[GenerateSerializer, Immutable, Alias("svom.published-alert")]
public sealed record PublishedAlert(
    [property: Id(0)] long Sequence, [property: Id(1)] DateTimeOffset Published, [property: Id(2)] ImmutableArray<string> Topics,
    [property: Id(3)] byte[] Envelope, [property: Id(4)] ImmutableArray<KeyValuePair<string, string>> Properties, [property: Id(5)] TimeSpan Expiry)
{
    /// <summary>One publication a topic.</summary>
    public IEnumerable<Publication> ToPublications() => Topics.Select(topic =>
        new Publication(topic, Envelope, "application/json", Retain: false, Expiry, Properties) { Sequence = Sequence });
}
