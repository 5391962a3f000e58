using System.Diagnostics.CodeAnalysis;

namespace Svom.Outcomes;

/// <summary>Why something was refused. The number is the stable code that clients see; names and numbers never change.</summary>
public enum RefusalCode
{
    /// <summary>No such burst, notice, packet, …</summary>
    NotFound = 1,

    /// <summary>What was asked breaks a stated rule; the detail names it.</summary>
    Invalid = 2,

    /// <summary>Somebody else was faster: read again, decide again.</summary>
    Conflict = 3,

    /// <summary>Earlier inputs are missing; send them first.</summary>
    Gap = 4,

    /// <summary>The queue is full; the same request later goes through.</summary>
    Overloaded = 5,

    /// <summary>The caller may not do this.</summary>
    Forbidden = 6,

    /// <summary>The state of the thing does not allow it (a retraction of a retracted burst).</summary>
    NotPossibleNow = 7,

    /// <summary>An idempotency key was used before with another content.</summary>
    KeyReused = 8,
}

/// <summary>An expected "no", as a value. Bugs and outages stay exceptions.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Detail">One sentence for a person, with the values that caused it.</param>
[GenerateSerializer, Immutable, Alias("svom.refusal")]
public sealed record Refusal([property: Id(0)] RefusalCode Code, [property: Id(1)] string Detail);

/// <summary>A result, or the refusal to give one.</summary>
[GenerateSerializer, Immutable, Alias("svom.outcome`1")]
public sealed record Outcome<T>
{
    private Outcome(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    /// <summary>The result; unset when refused.</summary>
    [Id(0)]
    public T? Value { get; }

    /// <summary>The refusal; null when accepted.</summary>
    [Id(1)]
    public Refusal? Refusal { get; }

    /// <summary>True when there is a result.</summary>
    [MemberNotNullWhen(true, nameof(Value)), MemberNotNullWhen(false, nameof(Refusal))]
    public bool Accepted => Refusal is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}
