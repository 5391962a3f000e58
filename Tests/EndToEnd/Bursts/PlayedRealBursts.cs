using System.Collections.Immutable;
using System.Text.Json;
using Svom.Bursts;
using Svom.Support;

namespace Svom.EndToEnd.Bursts;

/// <summary>The past bursts, played once for all who look at them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PastBurstsCollection : ICollectionFixture<PlayedRealBursts>
{
    public const string Name = "past bursts";
}

/// <summary>All past bursts played once, as real and at their own times, one after the other into one platform.</summary>
public sealed class PlayedRealBursts : IAsyncLifetime
{
    private PlayedPlatform? platform;

    internal PlayedPlatform Platform => platform!;

    internal IReadOnlyList<RealBurst> Bursts { get; private set; } = [];

    internal ImmutableArray<SeenNotice> Notices { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (Samples.Folder is null)
        {
            return; // Each test says why it is skipped.
        }

        platform = await PlayedPlatform.StartAsync();
        Bursts = [.. RealBursts.All(Path.Combine(Samples.Folder, "svom-voevent"))];
        foreach (var burst in Bursts.Reverse()) // Newest first: each has to find back to its own time.
        {
            await platform.PlayAsync(RealScenario.Of(burst));
        }

        Notices = await platform.Archive.AtRestAsync();
    }

    /// <summary>Which of the platform's bursts has the T0s of a past one; the numbers of the day are the platform's own.</summary>
    internal async Task<ILookup<RealBurst, string>> IdsAsync()
    {
        var known = await Platform.Archive.BurstsAsync();
        return Bursts.SelectMany(real => known.Where(burst => Same(real, burst.GetProperty("t0"))).Select(burst => (real, Id: burst.GetProperty("id").GetString()!)))
            .ToLookup(static pair => pair.real, static pair => pair.Id);
    }

    public ValueTask DisposeAsync() => platform?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static bool Same(RealBurst real, JsonElement t0) => real.Packets.Any(packet => packet.Evidence switch
    {
        GrmTrigger grm => Is(t0, "grm", grm.T0),
        EclairsAlert alert => Is(t0, "eclairs", alert.SequenceT0),
        _ => false,
    });

    private static bool Is(JsonElement t0, string instrument, DateTimeOffset at) =>
        t0.TryGetProperty(instrument, out var time) && time.ValueKind == JsonValueKind.String && (time.GetDateTimeOffset() - at).Duration() < TimeSpan.FromMilliseconds(1);
}
