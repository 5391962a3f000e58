using Google.Protobuf.WellKnownTypes;
using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Requests;

/// <summary>Reads the fields that gRPC requests have in common, by the rules of the query parameters of REST. What breaks one ends the call.</summary>
internal static class CallFields
{
    private const int StandardPage = 50;
    private const int LargestPage = 1_000;
    private const int LongestText = 1_024;

    /// <summary>0 is the standard page.</summary>
    public static int Page(int size) => size is >= 0 and <= LargestPage
        ? size == 0 ? StandardPage : size
        : throw Fault("page_size", $"is 1 to {LargestPage}, or 0 for {StandardPage}");

    public static string? Token(string token) => token.Length switch
    {
        0 => null,
        <= LongestText => token,
        _ => throw Fault("page_token", "is none of this list's"),
    };

    /// <summary>A station, session, burst or type; null when absent.</summary>
    public static string? Name(bool present, string value, string field) =>
        !present ? null : FeedId.IsName(value) ? value : throw Fault(field, $"is a name: {NameCache.Form}");

    public static string? Text(bool present, string value, string field) =>
        !present ? null : value.Length is > 0 and <= LongestText ? value : throw Fault(field, $"has 1 to {LongestText} characters");

    public static long? Number(bool present, long value, long least, long most, string field) =>
        !present ? null : value >= least && value <= most ? value : throw Fault(field, $"is a whole number from {least} to {most}");

    public static DateTimeOffset? Time(Timestamp? value, string field) =>
        value is null ? null : WireTime.TryRead(value, out var at) ? at : throw Fault(field, "is no time between the years 1 and 9999");

    private static Exception Fault(string field, string rule) =>
        new Problem(ProblemTypes.InvalidParameter, $"The field '{field}' {rule}.") { Parameter = field }.ToRpcException();
}

/// <summary>Times of messages, to the millisecond.</summary>
internal static class WireTime
{
    private static readonly long First = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Reads a time; what is finer than a millisecond is cut off.</summary>
    public static bool TryRead(Timestamp value, out DateTimeOffset at)
    {
        var readable = value.Nanos is >= 0 and < 1_000_000_000 && value.Seconds >= First && value.Seconds <= Last;
        at = readable ? DateTimeOffset.FromUnixTimeMilliseconds((value.Seconds * 1000) + (value.Nanos / 1_000_000)) : default;
        return readable;
    }

    public static Timestamp Write(DateTimeOffset at)
    {
        var milliseconds = at.ToUnixTimeMilliseconds();
        var (seconds, rest) = Math.DivRem(milliseconds, 1000L);
        return rest < 0 ? new() { Seconds = seconds - 1, Nanos = (int)(rest + 1000) * 1_000_000 } : new() { Seconds = seconds, Nanos = (int)rest * 1_000_000 };
    }

    public static Timestamp? Write(DateTimeOffset? at) => at is { } time ? Write(time) : null;
}
