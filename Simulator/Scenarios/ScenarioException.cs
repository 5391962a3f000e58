namespace Svom.Simulation;

/// <summary>A scenario is wrong: the message begins with the path of the fault.</summary>
public sealed class ScenarioException(string path, string fault) : Exception($"{path}: {fault}")
{
    /// <summary>Where, for example <c>eclairs.alerts[0].snr</c>.</summary>
    public string Path { get; } = path;
}
