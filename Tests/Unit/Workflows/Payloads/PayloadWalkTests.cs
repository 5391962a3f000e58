using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>No payload is forgotten, none is touched that must stay, and nothing is done where nothing changes.</summary>
public sealed class PayloadWalkTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Type[] Roots =
    [
        typeof(EventAttributes), typeof(HistoryEvent), typeof(Command), typeof(UpdateMessage), typeof(TaskOutcome), typeof(Failure), typeof(UpdateRequest), typeof(LocalStep),
        typeof(LocalActivityRequest), typeof(StartRequest), typeof(WorkflowInput), typeof(WorkflowRecord), typeof(WorkflowEffect), typeof(WorkflowMessage), typeof(TaskNews),
        typeof(TaskTurn), typeof(QueryAnswer), typeof(UserMetadata), typeof(Payload),
    ];

    // They hold what was kept, or what was given out already, and never go through the walk as a whole.
    private static readonly string[] KeptWhole = ["ActivityInfo", "ActivityState", "ChildState", "RunState", "UpdateState", "WorkflowDecision", "WorkflowInfo", "WorkflowState", "WorkflowTaskState"];

    private static IEnumerable<Type> Walked => typeof(Payload).Assembly.GetTypes()
        .Where(static type => !type.IsAbstract && Roots.Any(root => root.IsAssignableFrom(type))).OrderBy(static type => type.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Walked.Select(static type => type.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Every_payload_of_a_value_is_replaced_but_for_search_attributes(string name)
    {
        var value = InventedValues.Of(Walked.Single(type => type.Name == name));
        var before = InventedValues.Payloads(value).ToArray();
        var marked = await PayloadWalk.MapAsync(value, new Marking(), None);

        var after = InventedValues.Payloads(marked).ToArray();
        Assert.Equal(before.Select(static one => one.Path), after.Select(static one => one.Path));
        foreach (var ((path, was), (_, now)) in before.Zip(after))
        {
            Assert.True(IsMarked(now) != path.Contains(".SearchAttributes", StringComparison.Ordinal), $"{name}{path}");
            Assert.True(now.Data.Span.StartsWith(was.Data.Span), $"{name}{path} has another's payload.");
        }

        if (InventedValues.MayCarry(value.GetType()) && name is not (nameof(UpsertWorkflowSearchAttributes) or nameof(UpsertSearchAttributes)))
        {
            Assert.NotEmpty(before);
        }

        Assert.Equal(after.Any(static one => IsMarked(one.Payload)), !ReferenceEquals(value, marked));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task What_is_no_payload_stays_as_it_was(string name)
    {
        var value = InventedValues.Of(Walked.Single(type => type.Name == name));
        var there = await PayloadWalk.MapAsync(value, new Marking(), None);
        var back = await PayloadWalk.MapAsync(there, new Unmarking(), None);
        InventedValues.AssertSame(value, back);
    }

    [Fact]
    public void Every_type_that_carries_payloads_is_walked_or_known_to_be_kept_whole()
    {
        var others = typeof(Payload).Assembly.GetTypes()
            .Where(static type => type is { IsAbstract: false, IsPublic: true, IsEnum: false } && InventedValues.MayCarry(type) && !Roots.Any(root => root.IsAssignableFrom(type)))
            .Select(static type => type.Name).Order(StringComparer.Ordinal);
        Assert.Equal(KeptWhole, others);
    }

    [Theory, MemberData(nameof(Names))]
    public void Where_nothing_changes_nothing_is_copied_allocated_or_awaited(string name)
    {
        var value = InventedValues.Of(Walked.Single(type => type.Name == name));
        var identity = new Identity();
        Assert.True(InventedValues.IsDone(PayloadWalk.MapAsync(value, identity, None))); // The first time pools are filled.

        var before = GC.GetAllocatedBytesForCurrentThread();
        var done = InventedValues.IsDone(PayloadWalk.MapAsync(value, identity, None));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(done);
    }

    [Fact]
    public async Task Where_nothing_changes_the_same_instance_comes_back()
    {
        foreach (var type in Walked)
        {
            var value = InventedValues.Of(type);
            Assert.Same(value, await PayloadWalk.MapAsync(value, new Identity(), None));
        }
    }

    [Fact]
    public async Task An_entry_that_takes_a_memo_away_stays_empty()
    {
        var memo = ImmutableSortedDictionary<string, Payload>.Empty
            .Add("gone", new(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty, default)).Add("new", InventedValues.Of<Payload>());
        var command = await PayloadWalk.MapAsync(new ModifyProperties(memo), new Marking(), None);
        var line = await PayloadWalk.MapAsync(new WorkflowPropertiesModified(4, memo), new Marking(), None);
        Assert.All((ImmutableSortedDictionary<string, Payload>[])[command.UpsertedMemo, line.UpsertedMemo], static upserted =>
        {
            Assert.True(upserted["gone"].Data.IsEmpty);
            Assert.True(IsMarked(upserted["new"]));
        });
    }

    [Fact]
    public async Task Empty_payloads_elsewhere_are_replaced_too()
    {
        var empty = new Payload(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty, default);
        var mapped = await PayloadWalk.MapAsync(new CompleteWorkflow([empty]), new Marking(), None);
        Assert.True(IsMarked(mapped.Result[0]));
    }

    [Fact]
    public async Task A_default_array_stays_one()
    {
        var mapped = await PayloadWalk.MapAsync(new CompleteWorkflow(default), new Marking(), None);
        Assert.True(mapped.Result.IsDefault);
    }

    [Fact]
    public async Task An_unknown_value_is_a_mistake_of_the_caller() =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await PayloadWalk.MapAsync("text", new Marking(), None));

    [Fact]
    public async Task A_transform_that_loses_a_payload_is_named()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () => await PayloadWalk.MapAsync(InventedValues.Of<Signal>(), new Losing(), None));
        Assert.Contains(nameof(Losing), failure.Message, StringComparison.Ordinal);
    }

    private static bool IsMarked(Payload payload) => payload.Data.Span.EndsWith("!"u8);

    private sealed class Marking : IPayloadTransform
    {
        public FailureText FailureText => FailureText.Keep;

        public bool Changes(Payload payload) => true;

        public ValueTask<ImmutableArray<Payload>> ApplyAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) =>
            new([.. payloads.Select(static payload => payload with { Data = (byte[])[.. payload.Data.Span, .. "!"u8] })]);
    }

    private sealed class Unmarking : IPayloadTransform
    {
        public FailureText FailureText => FailureText.Keep;

        public bool Changes(Payload payload) => IsMarked(payload);

        public ValueTask<ImmutableArray<Payload>> ApplyAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) =>
            new([.. payloads.Select(static payload => payload with { Data = payload.Data[..^1] })]);
    }

    private sealed class Identity : IPayloadTransform
    {
        public FailureText FailureText => FailureText.Keep;

        public bool Changes(Payload payload) => false;

        public ValueTask<ImmutableArray<Payload>> ApplyAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nothing changes.");
    }

    private sealed class Losing : IPayloadTransform
    {
        public FailureText FailureText => FailureText.Keep;

        public bool Changes(Payload payload) => true;

        public ValueTask<ImmutableArray<Payload>> ApplyAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) => new(payloads[1..]);
    }
}
