using Svom.Requests;

namespace Svom.Monitoring;

/// <summary>Alarms as messages of <c>svom.v1</c>.</summary>
internal static class AlarmWire
{
    public static V1.Alarm Of(AlarmView alarm)
    {
        var message = new V1.Alarm
        {
            Id = alarm.Id,
            Kind = alarm.Kind,
            State = (V1.AlarmState)((int)alarm.State + 1), // 0 is "unspecified" in every enumeration of the wire.
            Active = alarm.Active,
            Priority = (V1.AlarmPriority)(int)alarm.Priority,
            What = alarm.What,
            Since = WireTime.Write(alarm.Since),
            Evidence = alarm.Evidence,
            Action = alarm.Action,
            Raised = WireTime.Write(alarm.Raised),
            Returned = WireTime.Write(alarm.Returned),
            Occurrences = alarm.Occurrences,
            Acknowledged = WireTime.Write(alarm.AcknowledgedAt),
            ShelvedUntil = WireTime.Write(alarm.ShelvedUntil),
            Updated = WireTime.Write(alarm.Updated),
            Version = alarm.Version,
        };
        SetTexts(message, alarm);
        return message;
    }

    // A field that is absent stays so: an empty text is another thing.
    private static void SetTexts(V1.Alarm message, AlarmView alarm)
    {
        if (alarm.Station is { } station)
        {
            message.Station = station;
        }

        if (alarm.AcknowledgedBy is { } who)
        {
            message.AcknowledgedBy = who;
        }

        if (alarm.AcknowledgeReason is { } known)
        {
            message.AcknowledgeReason = known;
        }

        if (alarm.ShelvedBy is { } shelver)
        {
            message.ShelvedBy = shelver;
        }

        if (alarm.ShelveReason is { } reason)
        {
            message.ShelveReason = reason;
        }
    }
}
