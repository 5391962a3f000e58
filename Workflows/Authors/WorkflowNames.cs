using System.Collections.Concurrent;
using System.Reflection;

namespace Svom.Workflows;

/// <summary>The names by which histories and callers know an author's types and methods.</summary>
public static class WorkflowNames
{
    // Attributes are slow to read, and every step of a workflow names its activity.
    private static readonly ConcurrentDictionary<MemberInfo, string> Workflows = [];
    private static readonly ConcurrentDictionary<MemberInfo, string> Activities = [];

    /// <exception cref="WorkflowDefinitionException">The type is no workflow.</exception>
    public static string Workflow(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Workflows.GetOrAdd(type, static member => OfWorkflow((Type)member));
    }

    /// <exception cref="WorkflowDefinitionException">The method is no signal.</exception>
    public static string Signal(MethodInfo method)
    {
        var signal = Attribute<WorkflowSignalAttribute>(method) ?? throw Lacks(Full(method), "WorkflowSignal");
        return signal.Name ?? WithoutAsync(method.Name);
    }

    /// <param name="member">Method or property.</param>
    /// <exception cref="WorkflowDefinitionException">The member is no query.</exception>
    public static string Query(MemberInfo member)
    {
        var query = Attribute<WorkflowQueryAttribute>(member) ?? throw Lacks(Full(member), "WorkflowQuery");
        return query.Name ?? member.Name;
    }

    /// <exception cref="WorkflowDefinitionException">The method is no update.</exception>
    public static string Update(MethodInfo method)
    {
        var update = Attribute<WorkflowUpdateAttribute>(method) ?? throw Lacks(Full(method), "WorkflowUpdate");
        return update.Name ?? WithoutAsync(method.Name);
    }

    /// <exception cref="WorkflowDefinitionException">The method is no activity.</exception>
    public static string Activity(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Activities.GetOrAdd(method, static member => OfActivity((MethodInfo)member));
    }

    internal static string Full(MemberInfo member) => $"{member.DeclaringType?.Name}.{member.Name}";

    private static string OfWorkflow(Type type) =>
        (type.GetCustomAttribute<WorkflowAttribute>() ?? throw Lacks(type.Name, "Workflow")).Name ?? Plain(type);

    private static string OfActivity(MethodInfo method)
    {
        var activity = Attribute<ActivityAttribute>(method) ?? throw Lacks(Full(method), "Activity");
        return activity.Name ?? WithoutAsync(method.Name);
    }

    private static T? Attribute<T>(MemberInfo member) where T : Attribute
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.GetCustomAttribute<T>(inherit: true);
    }

    private static WorkflowDefinitionException Lacks(string what, string attribute) => new($"{what} has no [{attribute}].");

    private static string Plain(Type type)
    {
        var name = type.Name.Split('`')[0];
        return type.IsInterface && name.Length > 1 && name[0] == 'I' && char.IsUpper(name[1]) ? name[1..] : name;
    }

    private static string WithoutAsync(string name) => name.Length > 5 && name.EndsWith("Async", StringComparison.Ordinal) ? name[..^5] : name;
}
