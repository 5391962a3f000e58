using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Svom.EventStore;

namespace Svom.Workflows;

/// <summary>What every workflow grain of a silo shares.</summary>
internal sealed class WorkflowServices(
    IEventStore store, TimeProvider time, WorkflowRegistry registry, PayloadPipeline payloads, IPayloadConverter converter, ActivityPool pool, ActivityRunner runner,
    WarmWorkflows warm, WorkflowMetrics metrics, ISiloRoll silos, IGrainFactory grains, IOptions<WorkflowEngineOptions> options, ILogger<WorkflowGrain> logger)
{
    public IEventStore Store => store;

    public TimeProvider Time => time;

    public WorkflowRegistry Registry => registry;

    public PayloadPipeline Payloads => payloads;

    public IPayloadConverter Converter => converter;

    public ActivityPool Pool => pool;

    public ActivityRunner Runner => runner;

    public WarmWorkflows Warm => warm;

    public WorkflowMetrics Metrics => metrics;

    public ISiloRoll Silos => silos;

    public IGrainFactory Grains => grains;

    public ILogger Logger => logger;

    /// <summary>This life of this silo: what it began, nobody else goes on with while it lives.</summary>
    public string Incarnation { get; } = silos.Self;

    public RecordFormat<WorkflowRecord> Format { get; } = new(WorkflowJson.Default.WorkflowRecordArray, StepWriter.TryWrite);

    public WorkflowLimits Limits { get; } = new() { SuggestContinueAsNewEvents = options.Value.SuggestContinueAsNew };
}
