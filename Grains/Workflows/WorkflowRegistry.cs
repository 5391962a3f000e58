using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;

namespace Svom.Workflows;

/// <summary>A class of an author that a silo runs.</summary>
/// <param name="Type">With [Workflow], or with methods that have [Activity].</param>
internal sealed record AuthoredClass(Type Type, bool IsWorkflow);

/// <summary>The workflows and activities that this silo knows, by the names that histories have.</summary>
internal sealed class WorkflowRegistry
{
    private readonly FrozenDictionary<string, WorkflowDefinition> workflows;
    private readonly FrozenDictionary<string, ActivityDefinition> activities;

    public WorkflowRegistry(IEnumerable<AuthoredClass> classes)
    {
        var all = classes.DistinctBy(static one => one.Type).ToArray();
        workflows = ByName(all.Where(static one => one.IsWorkflow).Select(static one => WorkflowDefinition.Create(one.Type)), static one => one.Name, "workflow");
        activities = ByName(all.Where(static one => !one.IsWorkflow).SelectMany(static one => ActivityDefinition.CreateAll(one.Type)), static one => one.Name, "activity");
    }

    public WorkflowDefinition? Workflow(string name) => workflows.GetValueOrDefault(name);

    public ActivityDefinition? Activity(string name) => activities.GetValueOrDefault(name);

    private static FrozenDictionary<string, T> ByName<T>(IEnumerable<T> definitions, Func<T, string> name, string what)
    {
        var known = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var definition in definitions)
        {
            if (!known.TryAdd(name(definition), definition))
            {
                throw new InvalidOperationException($"There are two classes with {what} '{name(definition)}'.");
            }
        }

        return known.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

/// <summary>What a silo is told to run.</summary>
public static class WorkflowRegistration
{
    /// <summary>A class with [Workflow].</summary>
    public static IServiceCollection AddWorkflow<TWorkflow>(this IServiceCollection services)
        where TWorkflow : class => services.AddSingleton(new AuthoredClass(typeof(TWorkflow), IsWorkflow: true));

    /// <summary>A class whose methods have [Activity]. Each attempt has an object of its own with what its constructor asks for, unless the class is registered otherwise before.</summary>
    public static IServiceCollection AddActivities<TActivities>(this IServiceCollection services)
        where TActivities : class
    {
        if (!services.Any(static service => service.ServiceType == typeof(TActivities)))
        {
            services.AddScoped<TActivities>();
        }

        return services.AddSingleton(new AuthoredClass(typeof(TActivities), IsWorkflow: false));
    }

    /// <summary>The engine of a silo.</summary>
    internal static IServiceCollection AddWorkflowEngine(this IServiceCollection services)
    {
        services.AddSingleton<WorkflowRegistry>().AddSingleton<ActivityPool>().AddSingleton<ActivityRunner>().AddSingleton<WarmWorkflows>().AddSingleton<WorkflowMetrics>();
        services.AddSingleton<WorkflowServices>().AddSingleton<EventStore.IShardRecovery, WorkflowRecovery>();
        services.AddSingleton<IPayloadConverter, JsonPayloadConverter>();
        services.AddSingleton<EventStore.IOwedRoute, WorkflowRoute>().AddSingleton<EventStore.IDueRoute, WorkflowDueRoute>();
        return services.AddSingleton<WorkflowClient>();
    }
}
