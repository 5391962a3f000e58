using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Notifications;

/// <summary>Takes down what telescopes say about notices and bursts, for ever. Stateless; key 0.</summary>
[Alias("svom.telescope-desk")]
public interface ITelescopeDeskGrain : IGrainWithIntegerKey
{
    /// <summary>A telescope has an alert. Durable when it returns; the first of a telescope counts, later ones of the same envelope change nothing.</summary>
    /// <returns>
    /// <see cref="RefusalCode.NotFound"/> for an envelope that this platform never made, <see cref="RefusalCode.NotPossibleNow"/> when more telescopes than can be
    /// kept have said so.
    /// </returns>
    [Alias("received")]
    Task<Outcome<TelescopeReceipt>> ReceivedAsync(TelescopeReceipt receipt, CancellationToken cancellationToken);

    /// <summary>A telescope says what it does about a burst. Durable when it returns; what it said last, said again, changes nothing.</summary>
    /// <returns><see cref="RefusalCode.NotFound"/> for an unknown burst, <see cref="RefusalCode.NotPossibleNow"/> when it has changed its mind too often.</returns>
    [Alias("intends")]
    Task<Outcome<TelescopeIntent>> IntendsAsync(TelescopeIntent intent, CancellationToken cancellationToken);

    /// <summary>Who has a notice, in the order of their saying so.</summary>
    /// <returns><see cref="RefusalCode.NotFound"/> for an unknown notice.</returns>
    [Alias("receipts")]
    Task<Outcome<ImmutableArray<TelescopeReceipt>>> ReceiptsAsync(string notice, CancellationToken cancellationToken);

    /// <summary>Everything that telescopes said about a burst, oldest first; empty for an unknown one.</summary>
    [Alias("intents")]
    Task<ImmutableArray<TelescopeIntent>> IntentsAsync(string burst, CancellationToken cancellationToken);
}

/// <summary>A telescope has an alert.</summary>
/// <param name="Telescope">Its name.</param>
/// <param name="Envelope">Id of the envelope.</param>
/// <param name="ReceivedAt">Telescope's clock, UTC.</param>
/// <param name="ToldAt">When the platform heard of it.</param>
[GenerateSerializer, Immutable, Alias("svom.telescope-receipt")]
public sealed record TelescopeReceipt(
    [property: Id(0)] string Telescope, [property: Id(1)] Guid Envelope, [property: Id(2)] DateTimeOffset ReceivedAt, [property: Id(3)] DateTimeOffset ToldAt);

/// <summary>What a telescope does about a burst.</summary>
public enum TelescopeIntentKind
{
    /// <summary>It is going to observe.</summary>
    WillObserve = 1,

    /// <summary>It is not going to.</summary>
    Cannot = 2,

    /// <summary>It has observed.</summary>
    Done = 3,
}

/// <summary>A telescope's word about a burst.</summary>
/// <param name="Telescope">Its name.</param>
/// <param name="Burst">Id of the burst.</param>
/// <param name="Intent">What it does.</param>
/// <param name="Reason">Why, in its own words; null without.</param>
/// <param name="Start">When the observation begins or began; null without.</param>
/// <param name="ToldAt">When the platform heard of it.</param>
[GenerateSerializer, Immutable, Alias("svom.telescope-intent")]
public sealed record TelescopeIntent(
    [property: Id(0)] string Telescope, [property: Id(1)] string Burst, [property: Id(2)] TelescopeIntentKind Intent, [property: Id(3)] string? Reason,
    [property: Id(4)] DateTimeOffset? Start, [property: Id(5)] DateTimeOffset ToldAt)
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MostReasonChars = 1_000;
}
