namespace Svom.EventStore;

/// <summary>
/// Lets go of a grain that was asked for something that does not exist, so that made-up ids fill no memory. Not at once: what is asked while a grain leaves is handed on to the
/// next one, which would leave as well, and after two such steps a caller hears of an outage instead of "there is none".
/// </summary>
/// <param name="grain">The grain.</param>
/// <param name="isUnborn">Asked when it would leave: it may have come to life meanwhile.</param>
internal sealed class Unborn(IGrainBase grain, Func<bool> isUnborn)
{
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(1);
    private IGrainTimer? leaving;

    /// <summary>Leaves a moment later, unless it is needed by then.</summary>
    public void LeaveSoon() => leaving ??= grain.RegisterGrainTimer(static (unborn, _) => unborn.LeaveAsync(), this, new GrainTimerCreationOptions(Stay, Timeout.InfiniteTimeSpan));

    private Task LeaveAsync()
    {
        leaving?.Dispose();
        leaving = null;
        if (isUnborn())
        {
            grain.DeactivateOnIdle();
        }

        return Task.CompletedTask;
    }
}
