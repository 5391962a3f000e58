namespace Svom.Requests;

/// <summary>Reads query values that <see cref="QueryGuard"/> has let through.</summary>
internal readonly struct QueryValues(HttpRequest request)
{
    public string? Text(string name) => request.Query[name] is [{ } value] ? value : null;

    public DateTimeOffset? Time(string name) => Text(name) is { } text && Instant.TryRead(text, out var at) ? at : null;

    public long? Number(string name) => Text(name) is { } text && QueryParameter.TryNumber(text, out var number) ? number : null;

    public bool Flag(string name) => Text(name) == "true";

    public int Limit => (int)(Number("limit") ?? 50);

    public string? Cursor => Text("cursor");
}
