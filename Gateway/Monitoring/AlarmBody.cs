namespace Svom.Monitoring;

/// <summary>An alarm as it stands.</summary>
/// <param name="Id">Its id: kind and what it is about.</param>
/// <param name="Kind">silent-station, silent-satellite, crc-failures or late-delivery.</param>
/// <param name="Station">Which station; null when it is about none.</param>
/// <param name="State">normal, unacknowledged, acknowledged, returned-unacknowledged or shelved.</param>
/// <param name="Active">True while it is wrong, whatever people did.</param>
/// <param name="Priority">low, medium or high.</param>
/// <param name="What">What is wrong, in one sentence.</param>
/// <param name="Since">First sign of it, this or the last time.</param>
/// <param name="Evidence">What shows it, with numbers.</param>
/// <param name="Action">What to do about it.</param>
/// <param name="RaisedAt">When it was raised the last time.</param>
/// <param name="ReturnedAt">When it was right again; null while it is not.</param>
/// <param name="Occurrences">How often it was raised.</param>
/// <param name="AcknowledgedBy">Who knows of this time; null: nobody.</param>
/// <param name="AcknowledgedAt">Since when.</param>
/// <param name="AcknowledgeReason">What they said.</param>
/// <param name="ShelvedUntil">End of its shelving; null: not shelved.</param>
/// <param name="ShelvedBy">Who shelved it.</param>
/// <param name="ShelveReason">Why.</param>
/// <param name="Updated">Last change.</param>
/// <param name="Version">Grows with each change.</param>
internal sealed record AlarmBody(
    string Id, string Kind, string? Station, AlarmState State, bool Active, AlarmPriority Priority, string What, DateTimeOffset Since, string Evidence, string Action,
    DateTimeOffset RaisedAt, DateTimeOffset? ReturnedAt, int Occurrences, string? AcknowledgedBy, DateTimeOffset? AcknowledgedAt, string? AcknowledgeReason,
    DateTimeOffset? ShelvedUntil, string? ShelvedBy, string? ShelveReason, DateTimeOffset Updated, long Version)
{
    public static AlarmBody Of(AlarmView alarm) => new(
        alarm.Id, alarm.Kind, alarm.Station, alarm.State, alarm.Active, alarm.Priority, alarm.What, alarm.Since, alarm.Evidence, alarm.Action, alarm.Raised, alarm.Returned,
        alarm.Occurrences, alarm.AcknowledgedBy, alarm.AcknowledgedAt, alarm.AcknowledgeReason, alarm.ShelvedUntil, alarm.ShelvedBy, alarm.ShelveReason, alarm.Updated, alarm.Version);
}

/// <summary>Somebody knows of an alarm.</summary>
/// <param name="Reason">What is known or done, at most 1000 characters.</param>
internal sealed record AcknowledgeAlarmBody(string? Reason = null);

/// <summary>An alarm goes out of sight.</summary>
/// <param name="Until">When it comes back, at most 30 days ahead.</param>
/// <param name="Reason">Why, 1 to 1000 characters.</param>
internal sealed record ShelveAlarmBody(DateTimeOffset Until, string Reason);
