using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Bursts;

/// <summary>What every act says.</summary>
internal interface IActBody
{
    string Reason { get; }

    DateTimeOffset? At { get; }

    /// <summary>The act, or the sentence that says why it is none.</summary>
    (BurstAct? Act, string? Fault) ToAct(string who);
}

/// <summary>An expert's word on an alert.</summary>
/// <param name="Reason">Why, 1 to 1000 characters.</param>
/// <param name="Verdict">accept or reject.</param>
/// <param name="At">Mission time at which it takes effect; absent is at once.</param>
/// <param name="Alert">Message count (0 to 255) of the alert that the notice shall report; absent: the one with the best signal to noise heard.</param>
internal sealed record ValidateBody(string Reason, string Verdict, DateTimeOffset? At = null, int? Alert = null) : IActBody
{
    public (BurstAct? Act, string? Fault) ToAct(string who) =>
        Verdict is not ("accept" or "reject") ? (null, "The verdict is accept or reject.")
        : (new(BurstActKind.Validate, who, Reason, At, Accept: Verdict is "accept", Alert: Alert), null);
}

/// <summary>An advocate takes charge.</summary>
/// <param name="Reason">Why, 1 to 1000 characters.</param>
/// <param name="At">Mission time at which it takes effect; absent is at once.</param>
internal sealed record AcknowledgeBody(string Reason, DateTimeOffset? At = null) : IActBody
{
    public (BurstAct? Act, string? Fault) ToAct(string who) => (new(BurstActKind.Acknowledge, who, Reason, At), null);
}

/// <summary>What the burst turned out to be.</summary>
/// <param name="Reason">Why, 1 to 1000 characters.</param>
/// <param name="Class">grb, known-source, noise, particle, solar or test.</param>
/// <param name="At">Mission time at which it takes effect; absent is at once.</param>
internal sealed record ClassifyBody(string Reason, string Class, DateTimeOffset? At = null) : IActBody
{
    private static readonly ImmutableArray<string> Classes = ["grb", "known-source", "noise", "particle", "solar", "test"];

    public (BurstAct? Act, string? Fault) ToAct(string who) => Classes.Contains(Class)
        ? (new(BurstActKind.Classify, who, Reason, At, Class: Class), null) : (null, $"The class is one of {string.Join(", ", Classes)}.");
}

/// <summary>Withdraws notices.</summary>
/// <param name="Reason">Why, 1 to 1000 characters.</param>
/// <param name="Notices">Types or ids of the notices to withdraw; absent is all.</param>
/// <param name="At">Mission time at which it takes effect; absent is at once.</param>
internal sealed record RetractBody(string Reason, ImmutableArray<string>? Notices = null, DateTimeOffset? At = null) : IActBody
{
    private const int MostNotices = 32;
    private const int LongestNotice = 100;

    public (BurstAct? Act, string? Fault) ToAct(string who) =>
        Notices is { } notices && (notices.IsDefaultOrEmpty || notices.Length > MostNotices || notices.Any(static notice => notice is not { Length: > 0 and <= LongestNotice }))
            ? (null, $"The notices to withdraw are 1 to {MostNotices} types or ids; without the member, all are withdrawn.")
            : (new(BurstActKind.Retract, who, Reason, At, Notices: Notices), null);
}

/// <summary>What an act did or, in a preview, would do.</summary>
/// <param name="Burst">The burst afterwards; in a preview, as it stands.</param>
/// <param name="Made">Notices made by it.</param>
/// <param name="Pending">True when the act waits for the mission time it names.</param>
/// <param name="Preview">True when nothing was done.</param>
internal sealed record ActAnswerBody(BurstBody Burst, ImmutableArray<MadeBody> Made, bool Pending, bool Preview)
{
    public static ActAnswerBody Of(ActAnswer answer, bool preview) =>
        new(BurstBody.Of(answer.Burst), [.. answer.Made.OrEmpty().Select(made => MadeBody.Of(made, preview))], answer.Pending, preview);
}

/// <summary>A notice made by an act.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Sent">False when held.</param>
/// <param name="Href">Where it is; null in a preview.</param>
/// <param name="Xml">In a preview, the VOEvent as it would be sent.</param>
/// <param name="Json">In a preview, the GCN object as it would be sent.</param>
internal sealed record MadeBody(string Id, string Type, bool Sent, string? Href, string? Xml, string? Json)
{
    public static MadeBody Of(MadeNotice notice, bool preview) => preview
        ? new(notice.Id, notice.Type, notice.Sent, null, Text(notice.Xml), Text(notice.Json))
        : new(notice.Id, notice.Type, notice.Sent, $"/api/v1/notices/{notice.Id}", null, null);

    private static string Text(ReadOnlyMemory<byte> octets) => System.Text.Encoding.UTF8.GetString(octets.Span);
}
