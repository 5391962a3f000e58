using Microsoft.Extensions.Time.Testing;

namespace Svom.Workflows;

public sealed class LocalPaceTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task An_activity_that_was_always_quick_runs_where_it_is_asked_for_and_not_on_the_grains_scheduler()
    {
        var pace = new LocalPace(time);
        await RunAsync(pace, times: 16, TimeSpan.FromMicroseconds(20));
        var here = Environment.CurrentManagedThreadId;

        var (thread, scheduler) = await Task.Factory.StartNew(
            () => pace.RunAsync(static () => Task.FromResult((Environment.CurrentManagedThreadId, TaskScheduler.Current))),
            TestContext.Current.CancellationToken, TaskCreationOptions.None, new SameThread()).Unwrap();

        Assert.Equal((here, TaskScheduler.Default), (thread, scheduler));
    }

    [Fact]
    public async Task One_that_once_held_its_caller_runs_on_the_pool_again()
    {
        var pace = new LocalPace(time);
        await RunAsync(pace, times: 16, TimeSpan.FromMicroseconds(20));
        await RunAsync(pace, times: 1, TimeSpan.FromMilliseconds(5));

        Assert.True(await OnThePoolAsync(pace));
        await RunAsync(pace, times: 1_014, TimeSpan.FromMicroseconds(20));
        Assert.True(await OnThePoolAsync(pace)); // The last one that is doubted.
        Assert.False(await OnThePoolAsync(pace));
    }

    [Fact]
    public async Task What_it_throws_is_thrown_to_whoever_asked()
    {
        var pace = new LocalPace(time);
        await RunAsync(pace, times: 16, TimeSpan.Zero);

        await Assert.ThrowsAsync<InvalidDataException>(() => pace.RunAsync<int>(static () => throw new InvalidDataException()));
    }

    private async Task RunAsync(LocalPace pace, int times, TimeSpan held)
    {
        for (var n = 0; n < times; n++)
        {
            await pace.RunAsync(() =>
            {
                time.Advance(held);
                return Task.FromResult(n);
            });
        }
    }

    /// <summary>Asks from a thread that the pool does not have, and that is not given away meanwhile.</summary>
    private static Task<bool> OnThePoolAsync(LocalPace pace) => Task.Factory.StartNew(
        () => pace.RunAsync(static () => Task.FromResult(Environment.CurrentManagedThreadId)).GetAwaiter().GetResult() != Environment.CurrentManagedThreadId,
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class SameThread : TaskScheduler
    {
        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
