using System.Collections.Immutable;

namespace Svom.Workflows;

public sealed class ActivityDefinitionTests
{
    public sealed class Makes(string place)
    {
        [Activity]
        public static int Add(int one, int other = 10) => one + other;

        [Activity("say")]
        public async Task<string> SayAsync(string word)
        {
            await Task.Yield();
            return $"{word} at {place}";
        }

        [Activity]
        public void Nothing()
        {
        }

        [Activity]
        public Task<string> KeyAsync()
        {
            ActivityExecutionContext.Current.Heartbeat(ActivityExecutionContext.Current.HeartbeatDetailAt<int>(0) + 1);
            return Task.FromResult(ActivityExecutionContext.Current.IdempotencyKey);
        }

        public void NoActivity()
        {
        }
    }

    public sealed class Hidden
    {
        [Activity]
        private void Do()
        {
        }
    }

    public sealed class Twice
    {
        [Activity]
        public void Do()
        {
        }

        [Activity("Do")]
        public Task DoAsync() => Task.CompletedTask;
    }

    public sealed class Generic
    {
        [Activity]
        public void Do<T>()
        {
        }
    }

    public sealed class Valued
    {
        [Activity]
        public ValueTask DoAsync() => default;
    }

    public sealed class Empty;

    private static async Task<T> RunAsync<T>(IEnumerable<ActivityDefinition> activities, string name, params object?[] input) =>
        FakeServer.Value<T>(await activities.Single(activity => activity.Name == name).RunAsync(FakeServer.Payloads(input), JsonPayloadConverter.Default));

    [Fact]
    public async Task Activities_of_an_object_run_on_it()
    {
        var all = ActivityDefinition.CreateAll(new Makes("Kourou"));
        Assert.Equal(["Add", "Key", "Nothing", "say"], all.Select(static activity => activity.Name).Order(StringComparer.Ordinal));
        Assert.Equal("hello at Kourou", await RunAsync<string>(all, "say", "hello"));
        Assert.Equal((15, 8), (await RunAsync<int>(all, "Add", 5), await RunAsync<int>(all, "Add", 5, 3)));
        Assert.Empty(await all.Single(static activity => activity.Name == "Nothing").RunAsync([], JsonPayloadConverter.Default));
    }

    [Fact]
    public async Task Activities_of_a_class_are_resolved_at_each_call()
    {
        var made = 0;
        var all = ActivityDefinition.CreateAll(typeof(Makes), type => { Assert.Equal(typeof(Makes), type); return new Makes($"place {++made}"); });
        Assert.Equal(0, made);
        Assert.Equal("a at place 1", await RunAsync<string>(all, "say", "a"));
        Assert.Equal("a at place 2", await RunAsync<string>(all, "say", "a"));
        var say = all.Single(static activity => activity.Name == "say");
        Assert.Equal("a at scope", FakeServer.Value<string>(await say.RunAsync(FakeServer.Payloads("a"), JsonPayloadConverter.Default, static _ => new Makes("scope"))));
    }

    [Fact]
    public async Task A_static_activity_needs_no_object()
    {
        Assert.Equal(3, await RunAsync<int>(ActivityDefinition.CreateAll(typeof(Makes)), "Add", 1, 2));
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync<string>(ActivityDefinition.CreateAll(typeof(Makes)), "say", "x"));
        Assert.Equal("Nobody gives the object that activity 'say' is called on.", missing.Message);
    }

    [Theory]
    [InlineData(typeof(Hidden), "Hidden.Do has [Activity] and must be public.")]
    [InlineData(typeof(Twice), "Twice.DoAsync is a second activity 'Do'.")]
    [InlineData(typeof(Generic), "Generic.Do has [Activity] and can't be generic.")]
    [InlineData(typeof(Valued), "Valued.DoAsync has [Activity] and must return a Task, a value or nothing, but no ValueTask.")]
    [InlineData(typeof(Empty), "Empty has no method with [Activity].")]
    public void Each_misuse_is_refused_with_its_reason(Type type, string reason) =>
        Assert.Equal(reason, Assert.Throws<WorkflowDefinitionException>(() => ActivityDefinition.CreateAll(type)).Message);

    [Theory]
    [InlineData(false, "run-1/7"), InlineData(true, "run-1/local/7")]
    public async Task An_activity_finds_its_context_and_its_key(bool local, string key)
    {
        ImmutableArray<Payload> beat = [];
        var info = new ActivityInfo(
            "orbit", new("wf", "run-1"), "Scripted", "ground", "7", "Key", 2, FakeServer.Noon, FakeServer.Noon, new(null, null, TimeSpan.FromMinutes(1), null), null,
            FakeServer.Payloads(41), default, local);
        var context = new ActivityExecutionContext(info, JsonPayloadConverter.Default, details => beat = details, CancellationToken.None);
        Assert.False(ActivityExecutionContext.HasCurrent);
        Assert.Equal(key, await context.RunAsync(static () => RunAsync<string>(ActivityDefinition.CreateAll(new Makes("here")), "Key")));
        Assert.Equal(42, FakeServer.Value<int>(beat));
        Assert.False(ActivityExecutionContext.HasCurrent);
    }

    [Fact]
    public void There_is_no_context_where_no_activity_runs() =>
        Assert.Equal("No activity runs here.", Assert.Throws<InvalidOperationException>(static () => ActivityExecutionContext.Current).Message);
}
