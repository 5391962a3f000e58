using System.Text.Json.Serialization;

namespace Svom.Bursts;

/// <summary>One part of a message of several packets. It was checked when it was decoded: what it says of itself holds together.</summary>
/// <param name="Kind">Name of the kind, for example <c>grm-light-curve</c>.</param>
/// <param name="ObservationId">Sequence of GRM for its light curves, else of ECLAIRs.</param>
/// <param name="Number">Counts the messages of a kind in a sequence, from 0.</param>
/// <param name="Part">From 1.</param>
/// <param name="Parts">Packets of the whole message.</param>
/// <param name="Payload">Octets of the packet after its time, base64.</param>
/// <param name="Common">What all parts of this message say alike, base64.</param>
/// <param name="GrmT0">T0 of the GRM trigger that a GRM light curve belongs to; null for others.</param>
/// <param name="Window">Start of the curve or of the window that it is about: a time near ECLAIRs' T0, which the packet does not say; null for GRM and VT.</param>
[GenerateSerializer, Immutable, Alias("svom.message-part")]
public sealed record MessagePart(
    [property: Id(0)] string Kind, [property: Id(1)] uint ObservationId, [property: Id(2)] DateTimeOffset PacketTime, [property: Id(3)] int Number,
    [property: Id(4)] int Part, [property: Id(5)] int Parts, [property: Id(6)] string Payload, [property: Id(7)] string Common,
    [property: Id(8)] DateTimeOffset? GrmT0 = null, [property: Id(9)] DateTimeOffset? Window = null) : Evidence
{
    /// <summary>Of the message within a burst: kind, number, sequence.</summary>
    [JsonIgnore]
    public string Message => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Kind}/{Number}/{ObservationId}");
}
