using System.Buffers;

namespace Svom.Notifications.Mqtt;

/// <summary>Publications that wait for their own bytes to come back.</summary>
internal sealed class EchoWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Waiter>> _byTopic = new(StringComparer.Ordinal);

    /// <summary>Begins to wait; to be called before publishing.</summary>
    public Waiter Add(string topic, ReadOnlyMemory<byte> payload)
    {
        var waiter = new Waiter(topic, payload);
        lock (_gate)
        {
            if (!_byTopic.TryGetValue(topic, out var waiters))
            {
                _byTopic[topic] = waiters = [];
            }

            waiters.Add(waiter);
        }

        return waiter;
    }

    /// <summary>Stops waiting.</summary>
    public void Remove(Waiter waiter)
    {
        lock (_gate)
        {
            if (_byTopic.TryGetValue(waiter.Topic, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0)
            {
                _byTopic.Remove(waiter.Topic);
            }
        }
    }

    /// <summary>Something came back: the oldest publication with this topic and these bytes is confirmed.</summary>
    public void Heard(string topic, in ReadOnlySequence<byte> payload)
    {
        Waiter? heard = null;
        lock (_gate)
        {
            if (_byTopic.TryGetValue(topic, out var waiters))
            {
                foreach (var waiter in waiters)
                {
                    if (!waiter.Task.IsCompleted && Same(payload, waiter.Payload.Span))
                    {
                        heard = waiter;
                        break;
                    }
                }

                heard?.Claim();
            }
        }
    }

    /// <summary>The connection is gone: nothing of what waits will come back.</summary>
    public void Lost()
    {
        lock (_gate)
        {
            foreach (var waiter in _byTopic.Values.SelectMany(waiters => waiters))
            {
                waiter.Fail();
            }
        }
    }

    private static bool Same(in ReadOnlySequence<byte> heard, ReadOnlySpan<byte> sent) =>
        heard.Length == sent.Length && (heard.IsSingleSegment ? heard.FirstSpan.SequenceEqual(sent) : heard.ToArray().AsSpan().SequenceEqual(sent));

    /// <summary>One publication.</summary>
    internal sealed class Waiter(string topic, ReadOnlyMemory<byte> payload)
    {
        private readonly TaskCompletionSource _echo = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Topic => topic;

        public ReadOnlyMemory<byte> Payload => payload;

        /// <summary>Done when heard.</summary>
        public Task Task => _echo.Task;

        public void Claim() => _echo.TrySetResult();

        public void Fail() => _echo.TrySetException(new TimeoutException($"The echo connection was lost before {topic} came back."));
    }
}
