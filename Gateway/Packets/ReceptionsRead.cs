using System.Collections.Immutable;

namespace Svom.Packets;

/// <summary>A batch as read from a request: all receptions, or why there are none.</summary>
/// <param name="Receptions">Empty when refused: never a part of a batch.</param>
/// <param name="Fault">Null when every element is a reception.</param>
internal sealed record ReceptionsRead(ImmutableArray<Reception> Receptions, ReceptionFault? Fault)
{
    public static ReceptionsRead Refused(int index, string reason) => new([], new(index, reason));

    public static ReceptionsRead TooMany(int most) => new([], new(most, $"The request holds more than {most} receptions", TooMany: true));
}

/// <param name="Index">Zero-based index of the element.</param>
/// <param name="Reason">What is wrong with it; a sentence without its full stop.</param>
/// <param name="TooMany">True when the only fault is the number of elements.</param>
internal sealed record ReceptionFault(int Index, string Reason, bool TooMany = false);

/// <summary>Rules of a reception that hold in every form it comes in.</summary>
internal static class ReceptionForm
{
    /// <summary>Times outside are broken clocks, not receptions: 1990 to 2100.</summary>
    public static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public const string StationFault = "its station is no name (" + NameCache.Form + ")";
    public const string SessionFault = "its session is no name (" + NameCache.Form + ")";
    public const string TimeFault = "its receivedAt is not within 1990 to 2100";
    public const string SignalFault = "its signalDbm is no finite number";

    public static string OctetsFault(int length) => $"its octets are {length}, not 1 to {Reception.MaxOctets}";

    public static bool Plausible(DateTimeOffset at) => at >= Earliest && at < Latest;
}
