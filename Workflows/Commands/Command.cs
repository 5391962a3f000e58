using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>
/// One thing that a workflow's code wants done. A workflow task ends with a list of them; each becomes exactly one event of the
/// history, in their order, except <see cref="PlaceMessage"/>, which only says where a message belongs.
/// </summary>
/// <param name="UserMetadata">What the author wrote beside it for people; it is copied to the event. Null when nothing.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(ScheduleActivityTask), "scheduleActivityTask")]
[JsonDerivedType(typeof(RequestCancelActivityTask), "requestCancelActivityTask")]
[JsonDerivedType(typeof(CompleteWorkflow), "completeWorkflow")]
[JsonDerivedType(typeof(FailWorkflow), "failWorkflow")]
[JsonDerivedType(typeof(CancelWorkflow), "cancelWorkflow")]
[JsonDerivedType(typeof(ContinueAsNew), "continueAsNew")]
[JsonDerivedType(typeof(StartChildWorkflow), "startChildWorkflow")]
[JsonDerivedType(typeof(RequestCancelExternalWorkflow), "requestCancelExternalWorkflow")]
[JsonDerivedType(typeof(SignalExternalWorkflow), "signalExternalWorkflow")]
[JsonDerivedType(typeof(StartTimer), "startTimer")]
[JsonDerivedType(typeof(CancelTimer), "cancelTimer")]
[JsonDerivedType(typeof(RecordMarker), "recordMarker")]
[JsonDerivedType(typeof(UpsertSearchAttributes), "upsertSearchAttributes")]
[JsonDerivedType(typeof(ModifyProperties), "modifyProperties")]
[JsonDerivedType(typeof(PlaceMessage), "placeMessage")]
public abstract record Command(UserMetadata? UserMetadata = null)
{
    /// <summary>True when the run is over with it: then it is the last.</summary>
    public virtual bool Closes => false;
}
