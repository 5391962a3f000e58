using System.Text;
using Svom.EventStore;

namespace Svom.Crash;

/// <summary>Appends whose content follows from stream and version, so that whoever reads the store knows what must be there.</summary>
internal static class EventWork
{
    public const int Streams = 6;
    public const int Versions = 25;
    public static readonly DateTimeOffset Start = new(2026, 4, 21, 0, 0, 0, TimeSpan.Zero);

    public static EventStore.StreamId Stream(int stream) => new($"crash/{stream}");

    public static Append Append(int stream, long version)
    {
        var name = $"{stream}.{version}";
        return new(Id(stream, version), Stream(stream), version - 1, Octets(name))
        {
            Follows = version > 1 ? Id(stream, version - 1) : null,
            Owed = [.. Enumerable.Range(0, (int)(version % 3)).Select(n => new Owed("burst", $"{name}.{n}", Octets(name)))],
            Due = [new("deadline", Start.AddSeconds(version))],
            Claims = version % 4 == 1 ? [new("crash", name)] : [],
            Archive = version % 2 == 0 ? [new("crash", name, $"{stream}", "kind", Start, Octets(name))] : [],
            Index = [new("crash", $"{stream}", Octets(name))],
            Snapshot = version % 5 == 0 ? Octets(name) : default(ReadOnlyMemory<byte>?),
        };
    }

    public static Guid Id(int stream, long version) => new(stream + 1, (short)version, 0, [1, 2, 3, 4, 5, 6, 7, 8]);

    public static async Task RunAsync(IEventStore store)
    {
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => Task.Run(async () =>
        {
            for (long version = 1; version <= Versions; version++)
            {
                var append = Append(stream, version);
                var result = await store.AppendAsync(append, CancellationToken.None);
                Said.Line(result.Landed ? $"landed {stream} {version}" : $"refused {stream} {version} {result.Outcome}");
                if (append.Owed.Count == 2)
                {
                    // One of the two is delivered; from here on nobody promises that it is still there.
                    Said.Line($"settles {stream} {version} 0");
                    await store.SettleAsync([new(append.Stream, version, 0, append.Owed[0])], CancellationToken.None);
                }
            }
        })));
    }

    private static byte[] Octets(string text) => Encoding.UTF8.GetBytes(text);
}
