using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>
/// Replaces every payload inside a value: input, results, details, headers, memo, words for people, and all of those within failures.
/// Search attributes are left alone, since they must stay searchable; so is an entry without octets that takes a memo away.
/// </summary>
public static class PayloadWalk
{
    /// <param name="value">
    /// An event or its attributes, a command, a message or an outcome of a task, an input, record or effect of the rules, a failure, or what
    /// an executor is given and answers.
    /// </param>
    /// <returns>The very same instance when nothing changes; then nothing is allocated and nothing waits.</returns>
    /// <exception cref="ArgumentException">The walk does not know such a value.</exception>
    public static ValueTask<T> MapAsync<T>(T value, IPayloadTransform transform, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        if (transform.FailureText == FailureText.Hide)
        {
            value = Reword(value, FailureText.Hide);
        }

        var search = PayloadVisit.Search(transform);
        search.Map(value, out _);
        return search.Found is { } found ? ReplaceAsync(value, found, transform, cancellationToken)
            : new(transform.FailureText == FailureText.Show ? Reword(value, FailureText.Show) : value);
    }

    /// <summary>The same for payloads that stand alone, such as a query's input.</summary>
    public static async ValueTask<ImmutableArray<Payload>> MapAsync(ImmutableArray<Payload> payloads, IPayloadTransform transform, CancellationToken cancellationToken)
    {
        var search = PayloadVisit.Search(transform);
        search.Map(payloads, out _);
        if (search.Found is not { } found)
        {
            return payloads;
        }

        PayloadVisit.Replace(await ApplyAsync(found, transform, cancellationToken)).Map(payloads, out var mapped);
        return mapped;
    }

    /// <summary>The same for a memo or headers that stand alone.</summary>
    public static async ValueTask<ImmutableSortedDictionary<string, Payload>> MapAsync(
        ImmutableSortedDictionary<string, Payload> payloads, IPayloadTransform transform, CancellationToken cancellationToken)
    {
        var search = PayloadVisit.Search(transform);
        search.Map(payloads, out _);
        if (search.Found is not { } found)
        {
            return payloads;
        }

        PayloadVisit.Replace(await ApplyAsync(found, transform, cancellationToken)).Map(payloads, out var mapped);
        return mapped!;
    }

    private static async ValueTask<T> ReplaceAsync<T>(T value, List<Payload> found, IPayloadTransform transform, CancellationToken cancellationToken)
        where T : class
    {
        PayloadVisit.Replace(await ApplyAsync(found, transform, cancellationToken)).Map(value, out var mapped);
        return transform.FailureText == FailureText.Show ? Reword((T)mapped, FailureText.Show) : (T)mapped;
    }

    // By instance, not by content: comparing octets would cost more than replacing a copy twice.
    private static async ValueTask<Dictionary<Payload, Payload>> ApplyAsync(List<Payload> found, IPayloadTransform transform, CancellationToken cancellationToken)
    {
        var replacements = await transform.ApplyAsync([.. found], cancellationToken);
        if (replacements.IsDefault || replacements.Length != found.Count)
        {
            throw new InvalidOperationException($"{transform.GetType().Name} was given {found.Count} payloads and gave back {(replacements.IsDefault ? 0 : replacements.Length)}.");
        }

        var byPayload = new Dictionary<Payload, Payload>(found.Count, ReferenceEqualityComparer.Instance);
        for (var n = 0; n < found.Count; n++)
        {
            byPayload[found[n]] = replacements[n] ?? throw new InvalidOperationException($"{transform.GetType().Name} gave back no payload for one.");
        }

        return byPayload;
    }

    private static T Reword<T>(T value, FailureText text)
        where T : class
    {
        PayloadVisit.Reword(text).Map(value, out var mapped);
        return (T)mapped;
    }
}
