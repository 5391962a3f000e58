namespace Svom.VoEvent;

/// <summary>A VOEvent 2.0, as far as notices of the mission use it. Times and numbers are texts: the writer prints what it is given.</summary>
/// <param name="Role">observation or test.</param>
/// <param name="How">Null in a retraction.</param>
/// <param name="Citations">Null when nothing is cited.</param>
public sealed record VoEventDocument(
    string Ivorn, string Role, VoEventWho Who, IReadOnlyList<VoEventParam> Params, IReadOnlyList<VoEventGroup> Groups,
    VoEventWhereWhen WhereWhen, VoEventHow? How, VoEventCitations? Citations);

/// <param name="Date">Second precision, with zone.</param>
public sealed record VoEventWho(string AuthorIvorn, string Date, string Title, string ShortName, string ContactName, string ContactEmail);

/// <summary>A Param; its data type is always a string.</summary>
public sealed record VoEventParam(string Name, string Value, string? Unit, string? Ucd);

/// <summary>A group of Params.</summary>
public sealed record VoEventGroup(string Name, IReadOnlyList<VoEventParam> Params);

/// <param name="IsoTime">UTC without zone.</param>
/// <param name="Position">Null for a time only.</param>
public sealed record VoEventWhereWhen(string IsoTime, VoEventPosition? Position);

/// <summary>RA, Dec and radius in degrees.</summary>
public sealed record VoEventPosition(string Ra, string Dec, string Error2Radius);

/// <summary>How it was seen.</summary>
public sealed record VoEventHow(string Description, string ReferenceUri);

/// <param name="Description">Null in a followup.</param>
public sealed record VoEventCitations(IReadOnlyList<VoEventCitation> Events, string? Description);

/// <param name="Cite">followup, supersedes or retraction.</param>
public sealed record VoEventCitation(string Cite, string Ivorn);
