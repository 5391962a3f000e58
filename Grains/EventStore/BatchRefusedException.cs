namespace Svom.EventStore;

/// <summary>The store refuses what was decided on a batch of inputs as it is: one of them cannot be written, or together they are more than an append holds.</summary>
internal sealed class BatchRefusedException(string message) : InvalidOperationException(message);
