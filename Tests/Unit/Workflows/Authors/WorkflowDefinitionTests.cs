namespace Svom.Workflows;

public sealed class WorkflowDefinitionTests
{
    [Workflow]
    public sealed class Plain
    {
        [WorkflowRun]
        public Task RunAsync() => Task.CompletedTask;

        [WorkflowSignal]
        public Task MoveAsync() => Task.CompletedTask;

        [WorkflowSignal("told")]
        public Task TellAsync() => Task.CompletedTask;

        [WorkflowUpdate]
        public Task ChangeAsync() => Task.CompletedTask;

        [WorkflowQuery]
        public int State => 1;

        [WorkflowQuery("what")]
        public int What() => 1;
    }

    [Workflow]
    public interface IMapping
    {
        [WorkflowRun]
        Task RunAsync();
    }

    public sealed class Mapping : IMapping
    {
        [WorkflowRun]
        public Task RunAsync() => Task.CompletedTask;
    }

    [Fact]
    public void Names_follow_from_the_members_or_are_said()
    {
        var definition = WorkflowDefinition.Create<Plain>();
        Assert.Equal("Plain", definition.Name);
        Assert.Equal(["Move", "told"], definition.SignalNames.Order(StringComparer.Ordinal));
        Assert.Equal(["Change"], definition.UpdateNames);
        Assert.Equal(["State", "what"], definition.QueryNames.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_interface_gives_its_name_without_the_letter() => Assert.Equal("Mapping", WorkflowDefinition.Create<Mapping>().Name);

    public class NoAttribute
    {
        [WorkflowRun]
        public Task RunAsync() => Task.CompletedTask;
    }

    [Workflow]
    public abstract class Abstract;

    [Workflow]
    public sealed class Open<T>
    {
        [WorkflowRun]
        public Task RunAsync(T value) => Task.CompletedTask;
    }

    [Workflow]
    public sealed class NoRun;

    [Workflow]
    public sealed class TwoRuns
    {
        [WorkflowRun]
        public Task OneAsync() => Task.CompletedTask;

        [WorkflowRun]
        public Task TwoAsync() => Task.CompletedTask;
    }

    [Workflow]
    public sealed class RunGivesNothing
    {
        [WorkflowRun]
        public void Run()
        {
        }
    }

    [Workflow]
    public sealed class PrivateRun
    {
        [WorkflowRun]
        private Task RunAsync() => Task.CompletedTask;
    }

    [Workflow]
    public sealed class StaticRun
    {
        [WorkflowRun]
        public static Task RunAsync() => Task.CompletedTask;
    }

    [Workflow]
    public sealed class GenericRun
    {
        [WorkflowRun]
        public Task RunAsync<T>() => Task.CompletedTask;
    }

    public abstract class WithRun
    {
        [WorkflowRun]
        public Task RunAsync() => Task.CompletedTask;
    }

    [Workflow]
    public sealed class SignalWithResult : WithRun
    {
        [WorkflowSignal]
        public Task<int> MoveAsync() => Task.FromResult(1);
    }

    [Workflow]
    public sealed class SignalTwice : WithRun
    {
        [WorkflowSignal]
        public Task MoveAsync() => Task.CompletedTask;

        [WorkflowSignal("Move")]
        public Task GoAsync() => Task.CompletedTask;
    }

    [Workflow]
    public sealed class DynamicSignal : WithRun
    {
        [WorkflowSignal(Dynamic = true)]
        public Task AnyAsync(int number) => Task.CompletedTask;
    }

    [Workflow]
    public sealed class SlowQuery : WithRun
    {
        [WorkflowQuery]
        public Task<int> StateAsync() => Task.FromResult(1);
    }

    [Workflow]
    public sealed class EmptyQuery : WithRun
    {
        [WorkflowQuery]
        public void State()
        {
        }
    }

    [Workflow]
    public sealed class UpdateAtOnce : WithRun
    {
        [WorkflowUpdate]
        public int Change() => 1;
    }

    [Workflow]
    public sealed class ValidatorOfNothing : WithRun
    {
        [WorkflowUpdateValidator("ChangeAsync")]
        public void May()
        {
        }
    }

    [Workflow]
    public sealed class ValidatorOfOthers : WithRun
    {
        [WorkflowUpdate]
        public Task ChangeAsync(int number) => Task.CompletedTask;

        [WorkflowUpdateValidator(nameof(ChangeAsync))]
        public void May(string word)
        {
        }
    }

    [Workflow]
    public sealed class ValidatorWithResult : WithRun
    {
        [WorkflowUpdate]
        public Task ChangeAsync(int number) => Task.CompletedTask;

        [WorkflowUpdateValidator(nameof(ChangeAsync))]
        public bool May(int number) => true;
    }

    [Workflow]
    public sealed class TwoThings : WithRun
    {
        [WorkflowSignal, WorkflowUpdate]
        public Task MoveAsync() => Task.CompletedTask;
    }

    [Workflow]
    public sealed class NeedsThings(string thing) : WithRun
    {
        public string Thing { get; } = thing;
    }

    [Workflow]
    public sealed class InitOfOthers
    {
        [WorkflowInit]
        public InitOfOthers(string word) => Word = word;

        public string Word { get; }

        [WorkflowRun]
        public Task RunAsync(int number) => Task.CompletedTask;
    }

    [Workflow]
    public sealed class ByReference
    {
        [WorkflowRun]
        public Task RunAsync(ref int number) => Task.CompletedTask;
    }

    [Theory]
    [InlineData(typeof(NoAttribute), "NoAttribute has no [Workflow].")]
    [InlineData(typeof(IMapping), "IMapping must be a class that is neither abstract, static nor open generic.")]
    [InlineData(typeof(Abstract), "Abstract must be a class that is neither abstract, static nor open generic.")]
    [InlineData(typeof(Open<>), "Open`1 must be a class that is neither abstract, static nor open generic.")]
    [InlineData(typeof(NoRun), "NoRun has no method with [WorkflowRun].")]
    [InlineData(typeof(TwoRuns), "TwoRuns.TwoAsync is a second method with [WorkflowRun], beside OneAsync.")]
    [InlineData(typeof(RunGivesNothing), "RunGivesNothing.Run has [WorkflowRun] and must return a Task or Task<T>.")]
    [InlineData(typeof(PrivateRun), "PrivateRun.RunAsync has [WorkflowRun] and must be public.")]
    [InlineData(typeof(StaticRun), "StaticRun.RunAsync has [WorkflowRun] and can't be static.")]
    [InlineData(typeof(GenericRun), "GenericRun.RunAsync has [WorkflowRun] and can't be generic.")]
    [InlineData(typeof(ByReference), "ByReference.RunAsync has [WorkflowRun] and can't take parameters by reference.")]
    [InlineData(typeof(SignalWithResult), "SignalWithResult.MoveAsync has [WorkflowSignal] and must return a Task without a result.")]
    [InlineData(typeof(SignalTwice), "SignalTwice.GoAsync is a second signal 'Move'.")]
    [InlineData(typeof(DynamicSignal), "DynamicSignal.AnyAsync is a dynamic signal and must take (string name, Payload[] input).")]
    [InlineData(typeof(SlowQuery), "SlowQuery.StateAsync has [WorkflowQuery] and must return a value at once: no task, not nothing.")]
    [InlineData(typeof(EmptyQuery), "EmptyQuery.State has [WorkflowQuery] and must return a value at once: no task, not nothing.")]
    [InlineData(typeof(UpdateAtOnce), "UpdateAtOnce.Change has [WorkflowUpdate] and must return a Task or Task<T>.")]
    [InlineData(typeof(ValidatorOfNothing), "ValidatorOfNothing.May validates 'ChangeAsync', which is no method with [WorkflowUpdate].")]
    [InlineData(typeof(ValidatorOfOthers), "ValidatorOfOthers.May must take the same parameters as ChangeAsync.")]
    [InlineData(typeof(ValidatorWithResult), "ValidatorWithResult.May has [WorkflowUpdateValidator] and must return nothing: it throws to reject.")]
    [InlineData(typeof(TwoThings), "TwoThings.MoveAsync has more than one workflow attribute.")]
    [InlineData(typeof(NeedsThings), "NeedsThings must have a constructor without parameters, or one with [WorkflowInit]: a workflow gets nothing injected.")]
    [InlineData(typeof(InitOfOthers), "InitOfOthers has a constructor with [WorkflowInit], which must take the same parameters as RunAsync.")]
    public void Each_misuse_is_refused_with_its_reason(Type type, string reason) =>
        Assert.Equal(reason, Assert.Throws<WorkflowDefinitionException>(() => WorkflowDefinition.Create(type)).Message);
}
