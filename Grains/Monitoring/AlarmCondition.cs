using System.Numerics;
using System.Text.Json.Serialization;

namespace Svom.Monitoring;

/// <summary>
/// Whether something is wrong often enough to be told: raised by so many of the last checks, returned by so many good ones on end. Checks that
/// had nothing to judge by do not count.
/// </summary>
/// <param name="Id">Id of its alarm.</param>
/// <param name="Bad">The last checks, newest in the lowest bit; 1 is bad.</param>
/// <param name="Active">True while the alarm is raised.</param>
/// <param name="Good">Good checks on end.</param>
/// <param name="Since">First bad check of this time.</param>
internal sealed record AlarmCondition(string Id, uint Bad, bool Active, int Good, DateTimeOffset? Since)
{
    /// <summary>True when there is nothing to remember.</summary>
    [JsonIgnore]
    public bool AtRest => !Active && Bad == 0;

    public static AlarmCondition Resting(string id) => new(id, 0, Active: false, 0, null);

    /// <summary>One more check.</summary>
    public AlarmCondition After(bool bad, DateTimeOffset at, AlarmPersistence persistence)
    {
        var mask = persistence.OutOf == 32 ? uint.MaxValue : (1u << persistence.OutOf) - 1;
        var checks = ((Bad << 1) | (bad ? 1u : 0)) & mask;
        var good = bad ? 0 : Math.Min(Good + 1, persistence.Clear);
        var since = bad ? Since ?? at : Since;
        return Active
            ? good >= persistence.Clear ? Resting(Id) : new(Id, checks, Active: true, good, since)
            : checks == 0 ? Resting(Id) : new(Id, checks, BitOperations.PopCount(checks) >= persistence.Raise, good, since);
    }
}

/// <summary>How long something must last.</summary>
/// <param name="Raise">Bad checks that raise an alarm …</param>
/// <param name="OutOf">… of so many.</param>
/// <param name="Clear">Good checks on end that end it.</param>
internal readonly record struct AlarmPersistence(int Raise, int OutOf, int Clear);
