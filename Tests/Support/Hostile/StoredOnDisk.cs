using Svom.Packets;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Support.Hostile;

/// <summary>Counts what a platform that has stopped left in its packet log.</summary>
internal static class StoredOnDisk
{
    private const int Slice = 1_000;

    /// <summary>Receptions that stations sent; recovered packets are the platform's own.</summary>
    public static async Task<long> CountAsync(string folder, CancellationToken cancellationToken)
    {
        using var data = DataFolder.Open(folder);
        await using var log = new SqlitePacketLog(data, new StorageOptions(), TimeProvider.System, faults: null);
        var count = 0L;
        foreach (var feed in await log.FeedsAsync(cancellationToken))
        {
            for (var position = 0L; await log.ReadAsync(feed, position, Slice, packetsOnly: false, cancellationToken) is { Items.Count: > 0 } slice; position = slice.Items[^1].Position)
            {
                count += slice.Items.Count(static reception => reception.Verdict is not ReceptionVerdict.Recovered);
            }
        }

        return count;
    }
}
