using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Svom.EventStore;
using Svom.Outcomes;

namespace Svom.Notifications;

/// <summary>What a telescope said. Receipts of one envelope stand in one stream, intents about one burst in another.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(Received), "received")]
[JsonDerivedType(typeof(Intends), "intends")]
internal abstract record TelescopeRecord
{
    internal sealed record Received(TelescopeReceipt Receipt) : TelescopeRecord;

    internal sealed record Intends(TelescopeIntent Intent) : TelescopeRecord;
}

/// <summary>What was said in one stream, in its order.</summary>
internal sealed record TelescopeWords(ImmutableArray<TelescopeReceipt> Receipts, ImmutableArray<TelescopeIntent> Intents)
{
    // Far more than there are telescopes, or than anyone changes its mind: a bound for those who go mad.
    private const int MostReceipts = 1_000;
    private const int MostIntentsEach = 100;

    public static readonly TelescopeWords None = new([], []);

    /// <summary>Receipts of one envelope, to be loaded.</summary>
    public static EventSourced<TelescopeWords, TelescopeRecord> OfEnvelope(IEventStore store, Guid envelope, TimeProvider time) => Open(store, $"receipts/{envelope}", time);

    /// <summary>Intents about one burst, to be loaded.</summary>
    public static EventSourced<TelescopeWords, TelescopeRecord> OfBurst(IEventStore store, string burst, TimeProvider time) => Open(store, $"intents/{burst}", time);

    /// <summary>The receipt that counts; a refusal when there is no room for it.</summary>
    public Outcome<TelescopeReceipt> Judge(TelescopeReceipt receipt) =>
        Receipts.FirstOrDefault(known => known.Telescope == receipt.Telescope) is { } first ? first
        : Receipts.Length >= MostReceipts ? new Refusal(RefusalCode.NotPossibleNow, $"{MostReceipts} telescopes have this envelope already: no more are taken down.")
        : receipt;

    /// <summary>The intent that stands: the one before when it says the same.</summary>
    public Outcome<TelescopeIntent> Judge(TelescopeIntent intent)
    {
        var own = Intents.Where(known => known.Telescope == intent.Telescope).ToList();
        return own.Count > 0 && own[^1] with { ToldAt = intent.ToldAt } == intent ? own[^1]
            : own.Count >= MostIntentsEach ? new Refusal(RefusalCode.NotPossibleNow, $"{intent.Telescope} has said {MostIntentsEach} things about {intent.Burst}: no more are taken down.")
            : intent;
    }

    private static EventSourced<TelescopeWords, TelescopeRecord> Open(IEventStore store, string stream, TimeProvider time) =>
        new(store, new(stream), None, Apply, new(TelescopeJson.Default.TelescopeRecordArray), time);

    private static TelescopeWords Apply(TelescopeWords words, TelescopeRecord record) => record switch
    {
        TelescopeRecord.Received received => words with { Receipts = words.Receipts.Add(received.Receipt) },
        TelescopeRecord.Intends intends => words with { Intents = words.Intents.Add(intends.Intent) },
        _ => words,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TelescopeRecord[]))]
[JsonSerializable(typeof(ArchivedWord))]
internal sealed partial class TelescopeJson : JsonSerializerContext;
