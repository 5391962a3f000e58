using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What becomes of the message and the stack trace of a failure.</summary>
public enum FailureText
{
    /// <summary>They stay as they are.</summary>
    Keep = 0,

    /// <summary>They move into a payload, <see cref="Failure.EncodedAttributes"/>, before the payloads are replaced.</summary>
    Hide = 1,

    /// <summary>They come out of it again, after the payloads were replaced.</summary>
    Show = 2,
}

/// <summary>What a <see cref="PayloadWalk"/> puts in the place of payloads.</summary>
public interface IPayloadTransform
{
    FailureText FailureText { get; }

    /// <summary>Asked for every payload, so it is quick and allocates nothing.</summary>
    /// <returns>False: the payload stays as it is.</returns>
    bool Changes(Payload payload);

    /// <summary>Called once for all payloads of a value that change.</summary>
    /// <returns>One for each, in their order.</returns>
    ValueTask<ImmutableArray<Payload>> ApplyAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken);
}
