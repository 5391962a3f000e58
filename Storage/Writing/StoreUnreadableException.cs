namespace Svom.Storage;

/// <summary>What is stored is not what this program wrote: it is newer, another program's, or its heads and rows disagree.</summary>
public sealed class StoreUnreadableException(string message) : Exception(message);
