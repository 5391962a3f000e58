using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>From code to what is kept.</summary>
internal sealed class OutgoingPayloads(PayloadShelf shelf, IPayloadCodec? codec) : IPayloadTransform
{
    public FailureText FailureText => codec is null ? FailureText.Keep : FailureText.Hide;

    public bool Changes(Payload payload) => codec is not null || shelf.IsLarge(payload) || PayloadReference.Is(payload);

    public async ValueTask<ImmutableArray<Payload>> ApplyAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken)
    {
        // Before the codec too: whether a payload is taken must not depend on there being one.
        RefuseReferences(payloads);
        if (codec is not null)
        {
            payloads = CodecAnswer.Checked(codec, payloads, await codec.EncodeAsync(payloads, cancellationToken));
            RefuseReferences(payloads);
        }

        return await shelf.PutAsync(payloads, cancellationToken);
    }

    // Only the platform makes them: with a foreign one a caller would read what others stored.
    private static void RefuseReferences(ImmutableArray<Payload> payloads)
    {
        foreach (var payload in payloads)
        {
            if (PayloadReference.Is(payload))
            {
                throw new PayloadRefusedException("A payload has the encoding svom/content, which only the platform itself gives.");
            }
        }
    }
}

/// <summary>From what is kept to code.</summary>
internal sealed class IncomingPayloads(PayloadShelf shelf, IPayloadCodec? codec) : IPayloadTransform
{
    public FailureText FailureText => codec is null ? FailureText.Keep : FailureText.Show;

    public bool Changes(Payload payload) => codec is not null || PayloadReference.Is(payload);

    public async ValueTask<ImmutableArray<Payload>> ApplyAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken)
    {
        payloads = await shelf.FetchAsync(payloads, cancellationToken);
        return codec is null ? payloads : CodecAnswer.Checked(codec, payloads, await codec.DecodeAsync(payloads, cancellationToken));
    }
}

internal static class CodecAnswer
{
    /// <summary>A codec that loses one would give every later payload the wrong place.</summary>
    public static ImmutableArray<Payload> Checked(IPayloadCodec codec, ImmutableArray<Payload> given, ImmutableArray<Payload> answer) =>
        !answer.IsDefault && answer.Length == given.Length && !answer.Contains(null!)
            ? answer
            : throw new PayloadRefusedException($"The codec {codec.GetType().Name} was given {given.Length} payloads and did not give back one for each.");
}
