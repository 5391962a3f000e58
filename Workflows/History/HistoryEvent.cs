namespace Svom.Workflows;

/// <summary>
/// One line of a run's history: numbered from 1 without gaps, exported, and shown to every viewer. The list of kinds follows
/// Temporal's event by event, so that its tools and kits read ours.
/// </summary>
/// <param name="Id">1, 2, 3, …; the first is always <see cref="WorkflowExecutionStarted"/>.</param>
/// <param name="Time">When it was decided, UTC; never before that of the event before it.</param>
/// <param name="Attributes">What happened.</param>
/// <param name="UserMetadata">What the author wrote beside it for people; null when nothing.</param>
public sealed record HistoryEvent(long Id, DateTimeOffset Time, EventAttributes Attributes, UserMetadata? UserMetadata = null);

/// <summary>What happened.</summary>
public abstract record EventAttributes;

/// <summary>Words for people.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Details">More; may be marked up.</param>
public sealed record UserMetadata(Payload? Summary, Payload? Details);
