namespace Svom.Postgres;

/// <summary>The database does not answer. Nothing was written.</summary>
public sealed class StoreUnreachableException(string server, Exception inner)
    : Exception($"PostgreSQL at {server} can't be used: {inner.Message} Its address stands in Svom:Storage:ConnectionString.", inner);
