using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Svom.Workflows;

/// <summary>Local activities are held to their time limits, also those that listen to nobody.</summary>
public sealed class LocalTimeLimitTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider time = new();
    private readonly Deaf deaf = new();
    private readonly ServiceProvider services;
    private ActivityPool? pool;

    public LocalTimeLimitTests() => services = new ServiceCollection().AddSingleton(deaf).AddActivities<Work>().BuildServiceProvider();

    public void Dispose()
    {
        deaf.GoOn();
        deaf.Dispose();
        services.Dispose();
        pool?.Dispose();
    }

    [Fact]
    public async Task An_attempt_that_ignores_its_token_is_timed_out_and_the_next_one_runs_beside_it()
    {
        var aMonth = TimeSpan.FromDays(30);
        var step = Run(Runner(), startToClose: aMonth, attempts: 2);
        await deaf.BegunAsync();
        time.Advance(aMonth);
        await NextAttemptAsync();
        deaf.GoOn();
        Assert.Equal(2, (await step).Attempt);
        Assert.NotNull((await step).Result);
    }

    [Fact]
    public async Task The_last_attempt_that_ignores_its_token_fails_the_step()
    {
        var step = Run(Runner(), startToClose: Minute, attempts: 1);
        await deaf.BegunAsync();
        time.Advance(Minute);
        Assert.Equal(TimeoutKind.StartToClose, Assert.IsType<TimeoutFailure>((await step).Failure).Kind);
    }

    [Fact]
    public async Task The_limit_of_all_attempts_ends_one_that_ignores_its_token()
    {
        var step = Run(Runner(), startToClose: 2 * Minute, scheduleToClose: Minute, attempts: 5);
        await deaf.BegunAsync();
        time.Advance(Minute);
        Assert.Equal((TimeoutKind.ScheduleToClose, 1), (Assert.IsType<TimeoutFailure>((await step).Failure).Kind, (await step).Attempt));
    }

    [Fact]
    public async Task An_attempt_is_not_charged_for_its_wait_for_a_place()
    {
        var runner = Runner(places: 1);
        var first = Run(runner);
        await deaf.BegunAsync();
        var second = Run(runner, startToClose: Minute, attempts: 1);
        time.Advance(5 * Minute);
        deaf.GoOn();
        Assert.NotNull((await first).Result);
        Assert.NotNull((await second).Result);
    }

    [Fact]
    public async Task What_waits_for_a_place_longer_than_all_its_time_is_never_begun()
    {
        var runner = Runner(places: 1);
        var first = Run(runner);
        await deaf.BegunAsync();
        var second = Run(runner, scheduleToClose: Minute, attempts: 1);
        time.Advance(Minute);
        Assert.Equal(TimeoutKind.ScheduleToClose, Assert.IsType<TimeoutFailure>((await second).Failure).Kind);
        deaf.GoOn();
        await first;
        Assert.NotNull((await Run(runner)).Result); // The place is free again.
        Assert.Equal(2, deaf.Heard);
    }

    [Fact]
    public async Task A_limit_of_years_is_none()
    {
        deaf.GoOn();
        Assert.NotNull((await Run(Runner(), startToClose: TimeSpan.MaxValue, scheduleToClose: TimeSpan.MaxValue)).Result);
    }

    private ActivityRunner Runner(int places = 4)
    {
        var options = Options.Create(new WorkflowEngineOptions { LocalActivities = places });
        pool = new(options, time);
        return new(
            new(services.GetServices<AuthoredClass>()), new(new MemoryContentStore(), options), JsonPayloadConverter.Default, pool,
            services.GetRequiredService<IServiceScopeFactory>(), time);
    }

    private static Task<LocalStep> Run(ActivityRunner runner, TimeSpan? startToClose = null, TimeSpan? scheduleToClose = null, int attempts = 0) => runner.RunLocalAsync(
        new("science", "burst-1"), RunStory.Begin().Run,
        new(1, nameof(Work.Do), [], scheduleToClose, startToClose, new() { MaximumAttempts = attempts, InitialInterval = TimeSpan.FromSeconds(1) }, WorkflowMarkers.NoPayloads), CancellationToken.None);

    /// <summary>The pause before it is of the fake clock, and begins when the attempt before was found late.</summary>
    private async Task NextAttemptAsync()
    {
        for (var next = deaf.BegunAsync(); !next.IsCompleted; await Task.Yield())
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    internal sealed class Work(Deaf deaf)
    {
        [Activity]
        public string Do()
        {
            deaf.Work();
            return "done";
        }
    }

    /// <summary>Works until the test lets it go, whatever its token says.</summary>
    internal sealed class Deaf : IDisposable
    {
        private readonly ManualResetEventSlim goOn = new();
        private readonly SemaphoreSlim begun = new(0);
        private int heard;

        public int Heard => heard;

        public void Work()
        {
            Interlocked.Increment(ref heard);
            begun.Release();
            goOn.Wait(CancellationToken.None);
        }

        public Task BegunAsync() => begun.WaitAsync(TestContext.Current.CancellationToken);

        public void GoOn() => goOn.Set();

        public void Dispose() => begun.Dispose();
    }
}
