using System.Collections.Immutable;

namespace Svom.Workflows;

/// <param name="ActivityId">Unique among the run's open activities.</param>
/// <param name="TaskQueue">Empty: the workflow's own.</param>
/// <param name="Timeouts">As the author said them; the rules fill in what was left out.</param>
/// <param name="RetryPolicy">Null: the default policy, which tries again without end.</param>
public sealed record ScheduleActivityTask(
    string ActivityId, string ActivityType, string TaskQueue, ImmutableArray<Payload> Input, ActivityTimeouts Timeouts, RetryPolicy? RetryPolicy,
    ImmutableSortedDictionary<string, Payload> Headers, UserMetadata? UserMetadata = null) : Command(UserMetadata);

/// <param name="ScheduledEventId">Event that scheduled it.</param>
public sealed record RequestCancelActivityTask(long ScheduledEventId) : Command;
