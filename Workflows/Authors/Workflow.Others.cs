using System.Collections.Immutable;
using System.Linq.Expressions;

namespace Svom.Workflows;

/// <content>Other workflows, and the next run of this one.</content>
public static partial class Workflow
{
    /// <summary>Starts a child workflow and waits until it has begun.</summary>
    /// <param name="call">One call of the child's run method.</param>
    /// <exception cref="WorkflowAlreadyStartedException">Its id is taken.</exception>
    public static Task<ChildWorkflowHandle<TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> call, ChildWorkflowOptions? options = null)
    {
        _ = Run;
        var arguments = ExpressionCalls.Of(call).Arguments;
        return StartChildWorkflowAsync<TResult>(WorkflowNames.Workflow(typeof(TWorkflow)), arguments, options);
    }

    /// <inheritdoc cref="StartChildWorkflowAsync{TWorkflow, TResult}(Expression{Func{TWorkflow, Task{TResult}}}, ChildWorkflowOptions?)"/>
    public static async Task<ChildWorkflowHandle> StartChildWorkflowAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> call, ChildWorkflowOptions? options = null)
    {
        _ = Run;
        var arguments = ExpressionCalls.Of(call).Arguments;
        return await StartChildWorkflowAsync<object?>(WorkflowNames.Workflow(typeof(TWorkflow)), arguments, options);
    }

    /// <summary>Starts a child workflow by the name of its type.</summary>
    /// <inheritdoc cref="StartChildWorkflowAsync{TWorkflow, TResult}(Expression{Func{TWorkflow, Task{TResult}}}, ChildWorkflowOptions?)"/>
    public static async Task<ChildWorkflowHandle<TResult>> StartChildWorkflowAsync<TResult>(
        string workflow, IReadOnlyList<object?> arguments, ChildWorkflowOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflow);
        var run = Run;
        var child = run.StartChild(workflow, run.Converter.ToPayloads(arguments), options ?? new());
        return new(run, child, await child.Begun);
    }

    /// <summary>Starts a child workflow and waits for its end.</summary>
    /// <exception cref="ChildWorkflowFailureException">It did not succeed.</exception>
    public static async Task<TResult> ExecuteChildWorkflowAsync<TWorkflow, TResult>(Expression<Func<TWorkflow, Task<TResult>>> call, ChildWorkflowOptions? options = null) =>
        await (await StartChildWorkflowAsync(call, options)).GetResultAsync();

    /// <inheritdoc cref="ExecuteChildWorkflowAsync{TWorkflow, TResult}(Expression{Func{TWorkflow, Task{TResult}}}, ChildWorkflowOptions?)"/>
    public static async Task ExecuteChildWorkflowAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> call, ChildWorkflowOptions? options = null) =>
        await (await StartChildWorkflowAsync(call, options)).GetResultAsync();

    /// <inheritdoc cref="ExecuteChildWorkflowAsync{TWorkflow, TResult}(Expression{Func{TWorkflow, Task{TResult}}}, ChildWorkflowOptions?)"/>
    public static async Task<TResult> ExecuteChildWorkflowAsync<TResult>(string workflow, IReadOnlyList<object?> arguments, ChildWorkflowOptions? options = null) =>
        await (await StartChildWorkflowAsync<TResult>(workflow, arguments, options)).GetResultAsync();

    /// <inheritdoc cref="ExecuteChildWorkflowAsync{TWorkflow, TResult}(Expression{Func{TWorkflow, Task{TResult}}}, ChildWorkflowOptions?)"/>
    public static Task ExecuteChildWorkflowAsync(string workflow, IReadOnlyList<object?> arguments, ChildWorkflowOptions? options = null) =>
        ExecuteChildWorkflowAsync<object?>(workflow, arguments, options);

    /// <summary>A workflow elsewhere, there or not.</summary>
    /// <param name="runId">Null: the run that is open.</param>
    public static ExternalWorkflowHandle GetExternalWorkflowHandle(string workflowId, string? runId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowId);
        return new(Run, workflowId, runId);
    }

    /// <summary>Throw what this gives out of the run method: the work goes on in a new run with a short history.</summary>
    /// <param name="call">One call of the next run's run method.</param>
    public static ContinueAsNewException CreateContinueAsNewException<TWorkflow>(Expression<Func<TWorkflow, Task>> call, ContinueAsNewOptions? options = null)
    {
        _ = Run;
        return CreateContinueAsNewException(WorkflowNames.Workflow(typeof(TWorkflow)), ExpressionCalls.Of(call).Arguments, options);
    }

    /// <inheritdoc cref="CreateContinueAsNewException{TWorkflow}(Expression{Func{TWorkflow, Task}}, ContinueAsNewOptions?)"/>
    public static ContinueAsNewException CreateContinueAsNewException<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> call, ContinueAsNewOptions? options = null)
    {
        _ = Run;
        return CreateContinueAsNewException(WorkflowNames.Workflow(typeof(TWorkflow)), ExpressionCalls.Of(call).Arguments, options);
    }

    /// <param name="workflow">Name of the next run's type.</param>
    /// <inheritdoc cref="CreateContinueAsNewException{TWorkflow}(Expression{Func{TWorkflow, Task}}, ContinueAsNewOptions?)"/>
    public static ContinueAsNewException CreateContinueAsNewException(string workflow, IReadOnlyList<object?> arguments, ContinueAsNewOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflow);
        var run = Run;
        return new(run.Continuation(workflow, run.Converter.ToPayloads(arguments), options));
    }
}

/// <summary>A child that has begun.</summary>
public class ChildWorkflowHandle
{
    private readonly WorkflowInstance run;
    private readonly ChildOperation child;

    internal ChildWorkflowHandle(WorkflowInstance run, ChildOperation child, string firstExecutionRunId)
    {
        (this.run, this.child) = (run, child);
        FirstExecutionRunId = firstExecutionRunId;
    }

    public string Id => child.WorkflowId;

    public string FirstExecutionRunId { get; }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="ChildWorkflowFailureException">It did not succeed.</exception>
    public Task GetResultAsync() => EndedAsync();

    /// <param name="call">One call of a method with [WorkflowSignal].</param>
    /// <exception cref="ApplicationFailureException">The signal did not arrive.</exception>
    public Task SignalAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> call, CancellationToken? cancellationToken = null)
    {
        var (method, arguments) = ExpressionCalls.Of(call);
        return SignalAsync(WorkflowNames.Signal(method), arguments, cancellationToken);
    }

    /// <inheritdoc cref="SignalAsync{TWorkflow}(Expression{Func{TWorkflow, Task}}, CancellationToken?)"/>
    public Task SignalAsync(string signal, IReadOnlyList<object?> arguments, CancellationToken? cancellationToken = null) =>
        run.Signal(Id, null, signal, run.Converter.ToPayloads(arguments), childOnly: true, cancellationToken);

    private protected Task<ImmutableArray<Payload>> EndedAsync() => child.Ended;
}

/// <inheritdoc/>
public sealed class ChildWorkflowHandle<TResult> : ChildWorkflowHandle
{
    private readonly IPayloadConverter converter;

    internal ChildWorkflowHandle(WorkflowInstance run, ChildOperation child, string firstExecutionRunId) : base(run, child, firstExecutionRunId) => converter = run.Converter;

    /// <inheritdoc cref="ChildWorkflowHandle.GetResultAsync"/>
    public new async Task<TResult> GetResultAsync() => converter.ToResult<TResult>(await EndedAsync());
}

/// <summary>A workflow elsewhere.</summary>
public sealed class ExternalWorkflowHandle
{
    private readonly WorkflowInstance run;

    internal ExternalWorkflowHandle(WorkflowInstance run, string id, string? runId) => (this.run, Id, RunId) = (run, id, runId);

    public string Id { get; }

    /// <summary>Null: the run that is open.</summary>
    public string? RunId { get; }

    /// <param name="call">One call of a method with [WorkflowSignal].</param>
    /// <exception cref="ApplicationFailureException">The signal did not arrive.</exception>
    public Task SignalAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> call, CancellationToken? cancellationToken = null)
    {
        var (method, arguments) = ExpressionCalls.Of(call);
        return SignalAsync(WorkflowNames.Signal(method), arguments, cancellationToken);
    }

    /// <inheritdoc cref="SignalAsync{TWorkflow}(Expression{Func{TWorkflow, Task}}, CancellationToken?)"/>
    public Task SignalAsync(string signal, IReadOnlyList<object?> arguments, CancellationToken? cancellationToken = null) =>
        run.Signal(Id, RunId, signal, run.Converter.ToPayloads(arguments), childOnly: false, cancellationToken);

    /// <summary>Asks it to stop; its code decides how.</summary>
    /// <exception cref="ApplicationFailureException">The request did not arrive.</exception>
    public Task CancelAsync() => run.CancelOther(Id, RunId);
}
