namespace Svom.Workflows;

/// <summary>A workflow id in its namespace: the key of its grain, written <c>namespace/id</c>.</summary>
/// <param name="Namespace">1 to 100 characters without a slash.</param>
/// <param name="WorkflowId">The caller's name for the work: 1 to 800 characters of any kind.</param>
public readonly record struct WorkflowAddress(string Namespace, string WorkflowId)
{
    /// <summary>The namespace of the mission's own workflows.</summary>
    public const string DefaultNamespace = "default";

    private const int LongestNamespace = 100;
    private const int LongestId = 800;

    /// <summary>Reads a grain key.</summary>
    public static WorkflowAddress Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? new(key[..slash], key[(slash + 1)..]) : throw new FormatException($"'{key}' is not namespace/id.");
    }

    /// <returns>What is wrong with it; null when nothing.</returns>
    public string? Fault() =>
        Namespace is not { Length: > 0 and <= LongestNamespace } || Namespace.Contains('/', StringComparison.Ordinal)
            ? $"A namespace has 1 to {LongestNamespace} characters and no slash."
        : WorkflowId is not { Length: > 0 and <= LongestId } ? $"A workflow id has 1 to {LongestId} characters."
        : !IsText(WorkflowId) || !IsText(Namespace) ? "A workflow id is text: half a surrogate pair is none."
        : null;

    public override string ToString() => $"{Namespace}/{WorkflowId}";

    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
