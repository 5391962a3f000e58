namespace Svom.Workflows;

/// <summary>A payload can't be taken or given out, and asking again would change nothing: a forged or broken reference, a codec out of step.</summary>
public sealed class PayloadRefusedException(string message) : Exception(message);
