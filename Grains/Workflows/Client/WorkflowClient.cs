using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Text.Json;
using Svom.Outcomes;

namespace Svom.Workflows;

/// <summary>
/// Starts workflows and speaks with them, typed by expression or by name. What the calls promise stands at <see cref="IWorkflowGrain"/>;
/// a refusal is a <see cref="WorkflowRefusedException"/>.
/// </summary>
/// <param name="codec">The author's codec, the same that the silos have; null: none.</param>
public sealed class WorkflowClient(IGrainFactory grains, IPayloadConverter converter, PayloadPipeline payloads, IPayloadCodec? codec = null)
{
    private readonly string identity = $"{Environment.ProcessId}@{Environment.MachineName}";

    internal IPayloadConverter Converter => converter;

    internal string Identity => identity;

    public Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> run, WorkflowOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(ExpressionCalls.Of(run), options, static (client, id, runId) => new WorkflowHandle<TWorkflow, TResult>(client, id, runId), cancellationToken);

    public Task<WorkflowHandle<TWorkflow>> StartWorkflowAsync<TWorkflow>(
        Expression<Func<TWorkflow, Task>> run, WorkflowOptions options, CancellationToken cancellationToken = default) =>
        StartAsync(ExpressionCalls.Of(run), options, static (client, id, runId) => new WorkflowHandle<TWorkflow>(client, id, runId), cancellationToken);

    public async Task<WorkflowHandle> StartWorkflowAsync(string workflow, IReadOnlyList<object?> args, WorkflowOptions options, CancellationToken cancellationToken = default) =>
        new(this, options.Id, await StartAsync(workflow, args, options, cancellationToken));

    public async Task<TResult> ExecuteWorkflowAsync<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> run, WorkflowOptions options, CancellationToken cancellationToken = default) =>
        await (await StartWorkflowAsync(run, options, cancellationToken)).GetResultAsync(cancellationToken);

    public async Task ExecuteWorkflowAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> run, WorkflowOptions options, CancellationToken cancellationToken = default) =>
        await (await StartWorkflowAsync(run, options, cancellationToken)).GetResultAsync(cancellationToken: cancellationToken);

    /// <summary>Asks an update of the run that is open or that this begins, in one transition.</summary>
    public async Task<TResult> ExecuteUpdateWithStartAsync<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task>> run, WorkflowOptions options, Expression<Func<TWorkflow, Task<TResult>>> update, string? updateId = null,
        CancellationToken cancellationToken = default)
    {
        var (start, ask) = (ExpressionCalls.Of(run), ExpressionCalls.Of(update));
        var call = await StartCallAsync(WorkflowNames.Workflow(typeof(TWorkflow)), start.Arguments, options, cancellationToken);
        var question = await UpdateCallAsync(WorkflowNames.Update(ask.Method), ask.Arguments, updateId, UpdateStage.Completed, null, cancellationToken);
        var answer = Value(await Grain(options.Id).UpdateWithStartAsync(call, question, cancellationToken));
        return converter.ToResult<TResult>(await new WorkflowHandle(this, options.Id, answer.RunId).AnswerAsync(answer, question, cancellationToken));
    }

    public WorkflowHandle GetWorkflowHandle(string id, string? runId = null) => new(this, id, runId);

    public WorkflowHandle<TWorkflow> GetWorkflowHandle<TWorkflow>(string id, string? runId = null) => new(this, id, runId);

    public WorkflowHandle<TWorkflow, TResult> GetWorkflowHandle<TWorkflow, TResult>(string id, string? runId = null) => new(this, id, runId);

    /// <summary>An activity that is completed from elsewhere.</summary>
    /// <param name="taskToken">Of <see cref="ActivityInfo.TaskToken"/>.</param>
    /// <exception cref="ArgumentException">The token is none of this platform.</exception>
    public AsyncActivityHandle GetAsyncActivityHandle(ReadOnlyMemory<byte> taskToken) => new(this, ActivityToken.Read(taskToken));

    internal static T Value<T>(Outcome<T> outcome) => outcome.Accepted ? outcome.Value : throw new WorkflowRefusedException(outcome.Refusal);

    internal IWorkflowGrain Grain(string workflowId)
    {
        var address = new WorkflowAddress(WorkflowAddress.DefaultNamespace, workflowId);
        return address.Fault() is { } fault ? throw new WorkflowRefusedException(new(RefusalCode.Invalid, fault)) : grains.GetGrain<IWorkflowGrain>(address.ToString());
    }

    internal IWorkflowGrain Grain(WorkflowAddress address) => grains.GetGrain<IWorkflowGrain>(address.ToString());

    /// <summary>Values as they travel: the silo keeps large ones aside by itself.</summary>
    internal async ValueTask<PayloadsJson> EncodeAsync(IReadOnlyList<object?> values, CancellationToken cancellationToken)
    {
        var plain = converter.ToPayloads(values);
        return WorkflowCalls.FromPayloads(codec is null || plain.IsEmpty ? plain : await codec.EncodeAsync(plain, cancellationToken));
    }

    internal async ValueTask<ImmutableArray<Payload>> DecodeAsync(ImmutableArray<Payload> kept, CancellationToken cancellationToken) =>
        kept.IsDefaultOrEmpty ? [] : await payloads.IncomingAsync(kept, cancellationToken);

    internal async ValueTask<Exception> DecodeAsync(Failure failure, CancellationToken cancellationToken) =>
        FailureConverter.ToException(await payloads.IncomingAsync(failure, cancellationToken));

    internal async ValueTask<Exception> DecodeFailureAsync(ReadOnlyMemory<byte> failure, CancellationToken cancellationToken) =>
        await DecodeAsync(JsonSerializer.Deserialize(failure.Span, WorkflowJson.Default.Failure)!, cancellationToken);

    internal async ValueTask<UpdateWorkflowCall> UpdateCallAsync(
        string name, IReadOnlyList<object?> args, string? updateId, UpdateStage stage, string? runId, CancellationToken cancellationToken) =>
        new(updateId ?? Guid.NewGuid().ToString(), name, await EncodeAsync(args, cancellationToken), stage, runId, identity);

    private async Task<THandle> StartAsync<THandle>(
        ExpressionCall run, WorkflowOptions options, Func<WorkflowClient, string, string, THandle> handle, CancellationToken cancellationToken) =>
        handle(this, options.Id, await StartAsync(WorkflowNames.Workflow(run.Method.DeclaringType!), run.Arguments, options, cancellationToken));

    private async Task<string> StartAsync(string workflow, IReadOnlyList<object?> args, WorkflowOptions options, CancellationToken cancellationToken)
    {
        var call = await StartCallAsync(workflow, args, options, cancellationToken);
        var grain = Grain(options.Id);
        var answer = options.StartSignal is { } signal
            ? await grain.SignalWithStartAsync(call, new(signal, await EncodeAsync(options.StartSignalArgs, cancellationToken), Identity: identity), cancellationToken)
            : await grain.StartAsync(call, cancellationToken);
        return answer.Refusal is { Code: RefusalCode.Conflict } ? throw new WorkflowAlreadyStartedException(options.Id, workflow) : Value(answer).RunId;
    }

    private async ValueTask<StartWorkflowCall> StartCallAsync(string workflow, IReadOnlyList<object?> args, WorkflowOptions options, CancellationToken cancellationToken) =>
        new(options.RequestId ?? Guid.NewGuid().ToString(), workflow, options.TaskQueue, await EncodeAsync(args, cancellationToken))
        {
            ExecutionTimeout = options.ExecutionTimeout,
            RunTimeout = options.RunTimeout,
            IdReuse = (IdReuse)options.IdReusePolicy,
            IdConflict = (IdConflict)options.IdConflictPolicy,
            Retry = options.RetryPolicy is { } policy ? JsonSerializer.SerializeToUtf8Bytes(policy, WorkflowJson.Default.RetryPolicy) : default(ReadOnlyMemory<byte>),
            Delay = options.StartDelay,
            Identity = identity,
            Memo = await MapAsync(options.Memo, codec, cancellationToken),
            SearchAttributes = await MapAsync(options.SearchAttributes, null, cancellationToken), // Plain: they are searched for.
        };

    private async ValueTask<PayloadMapJson> MapAsync(IReadOnlyDictionary<string, object?> values, IPayloadCodec? with, CancellationToken cancellationToken)
    {
        if (values.Count == 0)
        {
            return default;
        }

        var names = values.Keys.ToArray();
        var plain = converter.ToPayloads([.. names.Select(name => values[name])]);
        var encoded = with is null ? plain : await with.EncodeAsync(plain, cancellationToken);
        return WorkflowCalls.FromMap(names.Zip(encoded).ToImmutableSortedDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal));
    }
}
