using System.Linq.Expressions;

namespace Svom.Workflows;

/// <content>Activities.</content>
public static partial class Workflow
{
    /// <summary>Runs an activity: somewhere else, once or more, until it succeeds or its times run out.</summary>
    /// <param name="call">One call of a method with [Activity].</param>
    /// <exception cref="ActivityFailureException">It did not succeed.</exception>
    public static Task<TResult> ExecuteActivityAsync<TActivity, TResult>(Expression<Func<TActivity, Task<TResult>>> call, ActivityOptions options) =>
        ActivityAsync<TResult>(call, options);

    /// <inheritdoc cref="ExecuteActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, ActivityOptions)"/>
    public static Task<TResult> ExecuteActivityAsync<TActivity, TResult>(Expression<Func<TActivity, TResult>> call, ActivityOptions options) =>
        ActivityAsync<TResult>(call, options);

    /// <inheritdoc cref="ExecuteActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, ActivityOptions)"/>
    public static Task ExecuteActivityAsync<TActivity>(Expression<Func<TActivity, Task>> call, ActivityOptions options) => ActivityAsync<object?>(call, options);

    /// <inheritdoc cref="ExecuteActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, ActivityOptions)"/>
    public static Task ExecuteActivityAsync<TActivity>(Expression<Action<TActivity>> call, ActivityOptions options) => ActivityAsync<object?>(call, options);

    /// <inheritdoc cref="ExecuteActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, ActivityOptions)"/>
    public static Task<TResult> ExecuteActivityAsync<TResult>(Expression<Func<Task<TResult>>> call, ActivityOptions options) => ActivityAsync<TResult>(call, options);

    /// <inheritdoc cref="ExecuteActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, ActivityOptions)"/>
    public static Task<TResult> ExecuteActivityAsync<TResult>(Expression<Func<TResult>> call, ActivityOptions options) => ActivityAsync<TResult>(call, options);

    /// <inheritdoc cref="ExecuteActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, ActivityOptions)"/>
    public static Task ExecuteActivityAsync(Expression<Func<Task>> call, ActivityOptions options) => ActivityAsync<object?>(call, options);

    /// <inheritdoc cref="ExecuteActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, ActivityOptions)"/>
    public static Task ExecuteActivityAsync(Expression<Action> call, ActivityOptions options) => ActivityAsync<object?>(call, options);

    /// <summary>Runs an activity by its name, for one whose code is elsewhere.</summary>
    /// <inheritdoc cref="ExecuteActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, ActivityOptions)"/>
    public static async Task<TResult> ExecuteActivityAsync<TResult>(string activity, IReadOnlyList<object?> arguments, ActivityOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(activity);
        ArgumentNullException.ThrowIfNull(options);
        var run = Run;
        return run.Converter.ToResult<TResult>(await run.RunActivity(activity, run.Converter.ToPayloads(arguments), options));
    }

    /// <inheritdoc cref="ExecuteActivityAsync{TResult}(string, IReadOnlyList{object?}, ActivityOptions)"/>
    public static Task ExecuteActivityAsync(string activity, IReadOnlyList<object?> arguments, ActivityOptions options) =>
        ExecuteActivityAsync<object?>(activity, arguments, options);

    /// <summary>Runs an activity beside the workflow's code, without events of its own: for short steps. Its end is durable before the code goes on.</summary>
    /// <param name="call">One call of a method with [Activity].</param>
    /// <exception cref="ActivityFailureException">It did not succeed.</exception>
    public static Task<TResult> ExecuteLocalActivityAsync<TActivity, TResult>(Expression<Func<TActivity, Task<TResult>>> call, LocalActivityOptions options) =>
        LocalActivityAsync<TResult>(call, options);

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, LocalActivityOptions)"/>
    public static Task<TResult> ExecuteLocalActivityAsync<TActivity, TResult>(Expression<Func<TActivity, TResult>> call, LocalActivityOptions options) =>
        LocalActivityAsync<TResult>(call, options);

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, LocalActivityOptions)"/>
    public static Task ExecuteLocalActivityAsync<TActivity>(Expression<Func<TActivity, Task>> call, LocalActivityOptions options) => LocalActivityAsync<object?>(call, options);

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, LocalActivityOptions)"/>
    public static Task ExecuteLocalActivityAsync<TActivity>(Expression<Action<TActivity>> call, LocalActivityOptions options) => LocalActivityAsync<object?>(call, options);

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, LocalActivityOptions)"/>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(Expression<Func<Task<TResult>>> call, LocalActivityOptions options) => LocalActivityAsync<TResult>(call, options);

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, LocalActivityOptions)"/>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(Expression<Func<TResult>> call, LocalActivityOptions options) => LocalActivityAsync<TResult>(call, options);

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, LocalActivityOptions)"/>
    public static Task ExecuteLocalActivityAsync(Expression<Func<Task>> call, LocalActivityOptions options) => LocalActivityAsync<object?>(call, options);

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, LocalActivityOptions)"/>
    public static Task ExecuteLocalActivityAsync(Expression<Action> call, LocalActivityOptions options) => LocalActivityAsync<object?>(call, options);

    /// <summary>Runs a local activity by its name.</summary>
    /// <inheritdoc cref="ExecuteLocalActivityAsync{TActivity, TResult}(Expression{Func{TActivity, Task{TResult}}}, LocalActivityOptions)"/>
    public static async Task<TResult> ExecuteLocalActivityAsync<TResult>(string activity, IReadOnlyList<object?> arguments, LocalActivityOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(activity);
        ArgumentNullException.ThrowIfNull(options);
        var run = Run;
        return run.Converter.ToResult<TResult>(await run.RunLocal(activity, run.Converter.ToPayloads(arguments), options));
    }

    /// <inheritdoc cref="ExecuteLocalActivityAsync{TResult}(string, IReadOnlyList{object?}, LocalActivityOptions)"/>
    public static Task ExecuteLocalActivityAsync(string activity, IReadOnlyList<object?> arguments, LocalActivityOptions options) =>
        ExecuteLocalActivityAsync<object?>(activity, arguments, options);

    private static Task<TResult> ActivityAsync<TResult>(LambdaExpression call, ActivityOptions options)
    {
        _ = Run; // Outside a workflow, say that first.
        var (method, arguments) = ExpressionCalls.Of(call);
        return ExecuteActivityAsync<TResult>(WorkflowNames.Activity(method), arguments, options);
    }

    private static Task<TResult> LocalActivityAsync<TResult>(LambdaExpression call, LocalActivityOptions options)
    {
        _ = Run;
        var (method, arguments) = ExpressionCalls.Of(call);
        return ExecuteLocalActivityAsync<TResult>(WorkflowNames.Activity(method), arguments, options);
    }
}
