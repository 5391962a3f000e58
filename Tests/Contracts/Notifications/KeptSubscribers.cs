using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Svom.Notifications;
using Svom.Notifications.Mqtt;

namespace Svom.Contracts.Notifications;

/// <summary>The disk of a broker: its subscribers and the alerts of the archive. What a killed process leaves behind is a copy of it.</summary>
internal sealed class KeptSubscribers(TimeProvider time) : ISubscriberStore
{
    private readonly ConcurrentDictionary<string, ImmutableArray<Subscriber>> shelves = new(StringComparer.Ordinal);
    private ImmutableList<PublishedAlert> archive = [];
    private int writes;

    /// <summary>A disk that takes nothing.</summary>
    public bool Full { get; set; }

    /// <summary>An archive that cannot be read.</summary>
    public bool Unreadable { get; set; }

    public int Writes => Volatile.Read(ref writes);

    public ImmutableArray<Subscriber> Named => shelves.GetValueOrDefault("named", []);

    public ImmutableArray<Subscriber> Anonymous => shelves.GetValueOrDefault("anonymous", []);

    /// <summary>The disk as it is at this moment; what the old process still writes does not reach it.</summary>
    public KeptSubscribers Copy()
    {
        var copy = new KeptSubscribers(time) { archive = archive };
        foreach (var (name, shelf) in shelves)
        {
            copy.shelves[name] = shelf;
        }

        return copy;
    }

    /// <summary>Puts an alert into the archive and sends it out.</summary>
    public async Task<PublishedAlert> PublishAsync(MqttPlatform platform, int number, params string[] topics)
    {
        var alert = new PublishedAlert(
            number, time.GetUtcNow(), topics is [] ? ["svom/v1/alerts/mxt/mxt-initial"] : [.. topics], Encoding.UTF8.GetBytes($"{{\"sequence\":{number}}}"),
            [new("id", $"a{number}"), new("tense", "current"), new("ivorn", $"ivo://org.svom/fsc#sb{number}")], TimeSpan.FromHours(24));
        await Task.WhenAll(alert.ToPublications().Select(publication => platform.Transport.PublishAsync(publication, TestContext.Current.CancellationToken)));
        archive = archive.Add(alert);
        return alert;
    }

    public Task<ImmutableArray<Subscriber>> LoadAsync(string shelf, CancellationToken cancellationToken) => Task.FromResult(shelves.GetValueOrDefault(shelf, []));

    public Task KeepAsync(string shelf, ImmutableArray<Subscriber> subscribers, CancellationToken cancellationToken)
    {
        if (Full)
        {
            throw new IOException("No space is left on the device.");
        }

        shelves[shelf] = subscribers;
        Interlocked.Increment(ref writes);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<PublishedAlert>> PublishedAsync(long after, int most, CancellationToken cancellationToken) => Unreadable ? throw new IOException("Not readable.") : Task.FromResult(
        archive.Where(alert => alert.Sequence > after && alert.Published + alert.Expiry > time.GetUtcNow()).TakeLast(most).ToImmutableArray());

    public Task<long> PublishedHeadAsync(CancellationToken cancellationToken) => Task.FromResult(archive.LastOrDefault()?.Sequence ?? 0);
}
