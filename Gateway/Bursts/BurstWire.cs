using Google.Protobuf;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Bursts;

/// <summary>Bursts as messages of <c>svom.v1</c>.</summary>
internal static class BurstWire
{
    public static V1.Burst Of(BurstView burst)
    {
        var message = new V1.Burst
        {
            Id = burst.Id,
            Version = burst.Version,
            Status = (V1.BurstStatus)((int)burst.Status + 1), // 0 is "unspecified" in every enumeration of the wire.
            GrmT0 = WireTime.Write(burst.T0.Grm),
            EclairsT0 = WireTime.Write(burst.T0.Eclairs),
            Best = burst.Best is { } best ? Of(best) : null,
            FirstHeard = WireTime.Write(burst.FirstHeard),
            Updated = WireTime.Write(burst.Updated),
            NextDeadline = WireTime.Write(burst.NextDeadline),
        };
        SetTexts(message, burst);
        message.Positions.AddRange(burst.Positions.OrEmpty().Select(Of));
        message.Completeness.AddRange(burst.Completeness.OrEmpty().Select(Of));
        message.Notices.AddRange(burst.Notices.OrEmpty().Select(static notice => new V1.NoticeReference
        {
            Id = notice.Id,
            Type = notice.Type,
            Sent = notice.Sent,
            Decided = WireTime.Write(notice.Decided),
        }));
        message.Related.AddRange(burst.Related.OrEmpty());
        return message;
    }

    /// <param name="burst">The burst as it stands; null when a later change tells it.</param>
    public static V1.BurstChange Of(BurstChange change, BurstView? burst)
    {
        var message = new V1.BurstChange { Sequence = change.Sequence, BurstId = change.Burst, Version = change.Version, Burst = burst is null ? null : Of(burst) };
        if (change.Session is { } session)
        {
            message.Session = session;
        }

        message.Entries.AddRange(change.Lines.OrEmpty().Select(static line => new V1.TimelineEntry
        {
            At = WireTime.Write(line.At),
            Mission = WireTime.Write(line.Mission),
            Kind = line.Kind,
            Text = line.Text,
        }));
        return message;
    }

    public static V1.ActResponse Of(ActAnswer answer, bool preview) => new()
    {
        Burst = Of(answer.Burst),
        Pending = answer.Pending,
        Preview = preview,
        Made =
        {
            answer.Made.OrEmpty().Select(static notice => new V1.MadeNotice
            {
                Id = notice.Id,
                Type = notice.Type,
                Sent = notice.Sent,
                Voevent = UnsafeByteOperations.UnsafeWrap(notice.Xml),
                Gcn = UnsafeByteOperations.UnsafeWrap(notice.Json),
            })
        },
    };

    // A field that is absent stays so: an empty text is another thing.
    private static void SetTexts(V1.Burst message, BurstView burst)
    {
        if (burst.Session is { } session)
        {
            message.Session = session;
        }

        if (burst.Observation is { } observation)
        {
            message.Observation = observation;
        }

        if (burst.SlewStatus is { } slew)
        {
            message.SlewStatus = slew;
        }

        if (burst.Classification is { } classification)
        {
            message.Classification = classification;
        }

        if (burst.AcknowledgedBy is { } who)
        {
            message.AcknowledgedBy = who;
        }

        if (burst.Validated is { } validated)
        {
            message.Validated = validated;
        }
    }

    private static V1.BurstPosition Of(BurstPosition position)
    {
        var message = new V1.BurstPosition
        {
            Instrument = position.Instrument,
            Ra = position.Ra,
            Dec = position.Dec,
            Snr = position.Snr,
            At = WireTime.Write(position.At),
        };
        if (position.RaDecError is { } error)
        {
            message.RaDecError = error;
        }

        return message;
    }

    private static V1.PacketCount Of(PacketCount count)
    {
        var message = new V1.PacketCount
        {
            Kind = count.Kind,
            Heard = count.Heard,
            Expected = count.Expected,
            Present = count.Present,
            Late = count.Late,
            Recovered = count.Recovered,
        };
        if (count.Missing is { } missing)
        {
            message.Missing = missing;
        }

        if (count.Apid is { } apid)
        {
            message.Apid = apid;
        }

        return message;
    }
}
