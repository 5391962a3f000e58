using Google.Protobuf;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Notifications;

/// <summary>Notices as messages of <c>svom.v1</c>.</summary>
internal static class NoticeWire
{
    public static V1.Notice Of(FollowedNotice notice) => With(Of(notice.Notice), notice.VoEvent, notice.Gcn, notice.Envelope);

    public static V1.Notice With(V1.Notice message, ReadOnlyMemory<byte> voEvent, ReadOnlyMemory<byte> gcn, ReadOnlyMemory<byte>? envelope)
    {
        message.Voevent = UnsafeByteOperations.UnsafeWrap(voEvent);
        message.Gcn = UnsafeByteOperations.UnsafeWrap(gcn);
        if (envelope is { } octets)
        {
            message.Envelope = UnsafeByteOperations.UnsafeWrap(octets);
        }

        return message;
    }

    /// <summary>Without its bytes.</summary>
    public static V1.Notice Of(NoticeView notice)
    {
        var message = new V1.Notice
        {
            Id = notice.Id,
            Sequence = notice.Sequence,
            BurstId = notice.Burst,
            Type = notice.Type,
            Level = notice.Level,
            Instrument = notice.Instrument,
            State = notice.State switch { "sent" => V1.NoticeState.Sent, "held" => V1.NoticeState.Held, _ => V1.NoticeState.Unspecified },
            Ivorn = notice.Ivorn,
            Decided = WireTime.Write(notice.Decided),
            Published = WireTime.Write(notice.Published),
            Latency = notice.Latency is { } latency ? Of(latency) : null,
        };
        message.Cites.AddRange(notice.Cites.OrEmpty());
        SetOptional(message, notice);
        return message;
    }

    private static void SetOptional(V1.Notice message, NoticeView notice)
    {
        if (notice.BurstSequence is { } number)
        {
            message.BurstSequence = number;
        }

        if (notice.Quality is { } quality)
        {
            message.Quality = quality;
        }

        if (notice.HeldBecause is { } why)
        {
            message.HeldBecause = why;
        }

        if (notice.AlertType is { } type)
        {
            message.AlertType = type;
        }

        if (notice.Reason is { } reason)
        {
            message.Reason = reason;
        }
    }

    private static V1.NoticeLatency Of(NoticeLatency latency)
    {
        var message = new V1.NoticeLatency();
        Set(latency.EmissionMs, ms => message.EmissionMs = ms);
        Set(latency.StationMs, ms => message.StationMs = ms);
        Set(latency.IngestMs, ms => message.IngestMs = ms);
        Set(latency.DecodedMs, ms => message.DecodedMs = ms);
        Set(latency.DecidedMs, ms => message.DecidedMs = ms);
        Set(latency.PublishedMs, ms => message.PublishedMs = ms);
        Set(latency.EchoedMs, ms => message.EchoedMs = ms);
        return message;
    }

    private static void Set(double? milliseconds, Action<double> set)
    {
        if (milliseconds is { } known)
        {
            set(known);
        }
    }
}
