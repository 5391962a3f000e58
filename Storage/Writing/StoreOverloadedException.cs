namespace Svom.Storage;

/// <summary>The bounded queue of a store is full and the call has no other way to say so; the same call later goes through.</summary>
public sealed class StoreOverloadedException(string message) : Exception(message);
