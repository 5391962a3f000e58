using System.Collections.Immutable;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// Writes the subscribers of one shelf, all of them at once, at most ten times a second and a tenth of the time: however wildly clients come
/// and go, they cost the disk no more. Whoever asks during a write is served by the next one.
/// </summary>
internal sealed class SubscriberShelf(string name, ISubscriberStore store, Func<ImmutableArray<Subscriber>> present, ILogger logger)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPace = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private TaskCompletionSource? _asked;
    private bool _writing;

    public string Name => name;

    /// <summary>Done when what is true now is durable.</summary>
    public Task KeepAsync()
    {
        lock (_gate)
        {
            var asked = _asked ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_writing)
            {
                _writing = true;
                _ = Task.Run(WriteAsync);
            }

            return asked.Task;
        }
    }

    private async Task WriteAsync()
    {
        while (Next() is { } asked)
        {
            var began = TimeProvider.System.GetTimestamp();
            try
            {
                await store.KeepAsync(name, present(), CancellationToken.None);
                asked.SetResult();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                logger.SubscribersNotKept(name, exception);
                asked.SetException(exception);
                _ = asked.Task.Exception; // Those who did not wait need not hear of it: it is written again.
                AskAgain();
            }

            var rest = TimeProvider.System.GetElapsedTime(began) * 10;
            await Task.Delay(rest < Pace ? Pace : rest > LongestPace ? LongestPace : rest, TimeProvider.System); // Real time on purpose: disks know no other.
        }
    }

    private TaskCompletionSource? Next()
    {
        lock (_gate)
        {
            var asked = _asked;
            (_asked, _writing) = (null, asked is not null);
            return asked;
        }
    }

    private void AskAgain()
    {
        lock (_gate)
        {
            _asked ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
