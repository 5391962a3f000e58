namespace Svom.EventStore;

/// <summary>Delivers owed messages of one route to their receivers, which drop repeats.</summary>
internal interface IOwedRoute
{
    /// <summary>Name of the route, as in <see cref="Owed.Route"/>.</summary>
    string Name { get; }

    /// <summary>Delivers rows for one target, in order. Throws when they were not taken: they come again.</summary>
    Task DeliverAsync(string target, IReadOnlyList<OwedRow> rows, CancellationToken cancellationToken);
}

/// <summary>Wakes the owner of a stream when a due time has come. One for each kind of stream that sets due times.</summary>
internal interface IDueRoute
{
    /// <summary>Kind of stream: what stands before the slash.</summary>
    string StreamKind { get; }

    /// <summary>Wakes the stream's owner, which clears or moves the due time in its next transition.</summary>
    Task WakeAsync(string key, string name, CancellationToken cancellationToken);
}
