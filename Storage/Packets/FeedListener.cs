using System.Globalization;
using Npgsql;
using Svom.Postgres;

namespace Svom.Packets;

/// <summary>
/// Hears of receptions that other processes stored: the database tells new heads as they commit. Each second the heads are read
/// as well, so that whatever was not told is known soon after.
/// </summary>
internal sealed class FeedListener : IAsyncDisposable
{
    private static readonly TimeSpan SafetyNet = TimeSpan.FromSeconds(1);

    private readonly PostgresDatabase _database;
    private readonly FeedHeads _heads;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<int, FeedId> _feeds = [];
    private readonly Task _running;
    private bool _strange;

    /// <summary>Reads the heads and goes on listening.</summary>
    public FeedListener(PostgresDatabase database, FeedHeads heads, TimeProvider time)
    {
        (_database, _heads, _time) = (database, heads, time);
        var connection = database.Open("listener");
        try
        {
            using var command = new NpgsqlCommand(PostgresPacketReads.Feeds, connection);
            using (var rows = command.ExecuteReader())
            {
                while (rows.Read())
                {
                    Take(PostgresPacketReads.Feed(rows));
                }
            }

            _running = Task.Run(() => RunAsync(connection, _stopping.Token));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_running.IsCompleted) // A container that knows the log by two names ends it twice.
        {
            await _stopping.CancelAsync();
            await _running;
            _stopping.Dispose();
        }
    }

    private async Task RunAsync(NpgsqlConnection? connection, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var listening = connection ?? _database.Open("listener");
                connection = null;
                await ListenAsync(listening, cancellationToken);
            }
            catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException or TimeoutException or IOException)
            {
                // The connection broke, or we end. The next one reads all heads first.
                await Task.Delay(PostgresDatabase.Pause, _time, cancellationToken).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        connection.Notification += (_, told) => Hear(told.Payload);
        await connection.RunAsync("LISTEN svom_packets", cancellationToken);
        while (true)
        {
            foreach (var feed in await connection.RowsAsync(PostgresPacketReads.Feeds, PostgresPacketReads.Feed, cancellationToken))
            {
                Take(feed);
            }

            // Being told is no reason to begin the second anew: a feed that grows each instant must not keep the others unread.
            _strange = false;
            var read = _time.GetTimestamp();
            for (var left = SafetyNet; left > TimeSpan.Zero && !_strange; left = SafetyNet - _time.GetElapsedTime(read))
            {
                await connection.WaitAsync(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), cancellationToken); // 0 would be for ever.
            }
        }
    }

    private void Take((int Id, FeedId Feed, long Head) row)
    {
        _feeds[row.Id] = row.Feed;
        if (row.Head > 0)
        {
            _heads.Publish(row.Feed, row.Head);
        }
    }

    /// <summary>"id head", as the function <c>log_1</c> writes it. A feed that is not known yet lets all be read.</summary>
    private void Hear(string told)
    {
        var gap = told.IndexOf(' ', StringComparison.Ordinal);
        if (gap > 0 && int.TryParse(told.AsSpan(0, gap), CultureInfo.InvariantCulture, out var id) && _feeds.TryGetValue(id, out var feed)
            && long.TryParse(told.AsSpan(gap + 1), CultureInfo.InvariantCulture, out var head))
        {
            _heads.Publish(feed, head);
        }
        else
        {
            _strange = true;
        }
    }
}
