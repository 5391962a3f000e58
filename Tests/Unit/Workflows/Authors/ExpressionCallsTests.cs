using System.Linq.Expressions;

namespace Svom.Workflows;

public sealed class ExpressionCallsTests
{
    private static readonly int Fixed = 11;

    public sealed class Target
    {
        public int Value => 1;

        public static Task DoAsync(int number) => Task.FromResult(number);

        public Task<string> MapAsync(string name, int order, object? more = null) => Task.FromResult($"{name}{order}{more}");
    }

    private static IReadOnlyList<object?> Arguments(Expression<Func<Target, Task>> call) => ExpressionCalls.Of(call).Arguments;

    [Fact]
    public void Constants_are_read() => Assert.Equal(["a", 1, null], Arguments(static target => target.MapAsync("a", 1, null)));

    [Fact]
    public void Locals_fields_and_properties_are_read()
    {
        var (name, point) = ("b", new { Order = 5, Inner = new { Text = "deep" } });
        Assert.Equal([name, 5, "deep"], Arguments(target => target.MapAsync(name, point.Order, point.Inner.Text)));
        Assert.Equal(["", Fixed, null], Arguments(static target => target.MapAsync(string.Empty, Fixed, null)));
    }

    [Fact]
    public void Anything_else_is_computed()
    {
        var numbers = new List<int> { 4, 5 };
        Assert.Equal(["n5", 9, 4], Arguments(target => target.MapAsync("n" + numbers[1], numbers.Sum(), numbers[0])));
    }

    [Fact]
    public void Values_that_are_widened_keep_their_value() => Assert.Equal(["x", 1, 'c'], Arguments(static target => target.MapAsync("x", 1, 'c')));

    [Fact]
    public void A_static_method_needs_no_parameter()
    {
        Expression<Func<Task>> call = static () => Target.DoAsync(3);
        var (method, arguments) = ExpressionCalls.Of(call);
        Assert.Equal((nameof(Target.DoAsync), 3), (method.Name, arguments[0]));
    }

    [Fact]
    public void A_property_is_a_query()
    {
        Expression<Func<Target, int>> query = static target => target.Value;
        var (member, arguments) = ExpressionCalls.OfQuery(query);
        Assert.Equal((nameof(Target.Value), 0), (member.Name, arguments.Count));
    }

    [Fact]
    public void Something_else_than_a_call_is_refused()
    {
        Expression<Func<Target, int>> sum = static target => target.Value + 1;
        Assert.Contains("must be one method call and nothing else", Assert.Throws<ArgumentException>(() => ExpressionCalls.Of(sum)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_on_something_else_is_refused()
    {
        var other = new Target();
        Expression<Func<Target, Task>> call = target => other.MapAsync("a", 1, null);
        Assert.Contains("must call a method of its own parameter", Assert.Throws<ArgumentException>(() => ExpressionCalls.Of(call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_that_needs_the_target_is_refused() =>
        Assert.Contains("can't be known before the call", Assert.Throws<ArgumentException>(() => Arguments(static target => target.MapAsync("a", target.Value, null))).Message, StringComparison.Ordinal);
}
