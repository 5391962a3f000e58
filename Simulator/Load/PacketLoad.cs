using Svom.Ccsds;
using Svom.Sky;

namespace Svom.Simulation;

/// <summary>What a load came to.</summary>
/// <param name="Failed">Receptions whose batch got no good answer.</param>
/// <param name="RatePerSecond">Receptions answered, per second of the load.</param>
/// <param name="P50Milliseconds">Half of the batches were answered within this.</param>
/// <param name="P99Milliseconds">Of a hundred batches, 99 were answered within this.</param>
public sealed record LoadSummary(
    string Session, long Sent, long Accepted, long Duplicates, long Invalid, long Failed, int Retries, double Seconds, double RatePerSecond,
    double P50Milliseconds, double P99Milliseconds)
{
    /// <summary>True when the platform answered for every reception sent.</summary>
    public bool Complete => Failed == 0 && Accepted + Duplicates == Sent;
}

/// <summary>A bounded load of recurrent packets, each heard by two stations, at a steady rate.</summary>
public sealed class PacketLoad(PlatformClient platform, TimeProvider clock)
{
    private const int InFlight = 4;
    private const int LargestBatch = 2000;
    private const int Copies = 2;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly Scenario Quiet = new("load", new Attitude(10, 20, 30), new GeodeticPosition(0, 0, 620), null, null, [], null);

    /// <summary>Sends for a number of seconds and waits for the last answer.</summary>
    public async Task<LoadSummary> RunAsync(int ratePerSecond, int seconds, CancellationToken cancellationToken)
    {
        var session = "load-" + ScenarioPlayer.FreshSession()["play-".Length..];
        var total = (long)ratePerSecond * seconds;
        var began = clock.GetTimestamp();
        var startsAt = clock.GetUtcNow();
        var pending = new List<Task<Answered>>();
        using var gate = new SemaphoreSlim(InFlight);
        for (long sent = 0; sent < total;)
        {
            var due = Math.Min(total, (long)(clock.GetElapsedTime(began).TotalSeconds * ratePerSecond) + 1);
            if (due == sent)
            {
                await Task.Delay(Tick, clock, cancellationToken);
                continue;
            }

            await gate.WaitAsync(cancellationToken);
            var batch = Batch(session, startsAt, ratePerSecond, sent, (int)Math.Min(due - sent, LargestBatch));
            sent += batch.Count;
            pending.Add(SendAsync(batch, gate, cancellationToken));
        }

        var answers = await Task.WhenAll(pending);
        return Sum(session, answers, clock.GetElapsedTime(began));
    }

    private LoadSummary Sum(string session, Answered[] done, TimeSpan took)
    {
        var sum = done.Aggregate(new IngestSum(0, 0, 0), static (all, one) => all + (one.Sum ?? new(0, 0, 0)));
        double[] times = [.. done.Select(static one => one.Milliseconds).Order()];
        return new(
            session, done.Sum(static one => (long)one.Count), sum.Accepted, sum.Duplicates, sum.Invalid, done.Where(static one => one.Sum is null).Sum(static one => (long)one.Count),
            platform.Retries, Math.Round(took.TotalSeconds, 3), Math.Round((sum.Accepted + sum.Duplicates) / took.TotalSeconds, 1), Share(times, 0.5), Share(times, 0.99));
    }

    private static double Share(double[] sorted, double share) => sorted.Length == 0 ? 0 : Math.Round(sorted[(int)((sorted.Length - 1) * share)], 2);

    private async Task<Answered> SendAsync(ReceptionBatch batch, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        try
        {
            return new(await platform.SendAsync(batch, cancellationToken), batch.Count, clock.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (PlatformException)
        {
            return new(null, batch.Count, clock.GetElapsedTime(began).TotalMilliseconds);
        }
        finally
        {
            gate.Release();
        }
    }

    // Mission time goes with the clock, two seconds behind; it alone makes every packet another one.
    private static ReceptionBatch Batch(string session, DateTimeOffset startsAt, int ratePerSecond, long first, int count)
    {
        var batch = new ReceptionBatch();
        for (var n = first; n < first + count; n++)
        {
            var packet = n / Copies;
            var at = startsAt.AddSeconds(-2 + ((double)packet * Copies / ratePerSecond));
            var frame = FactPackets.Recurrent(Quiet, at).Frame((int)(packet % SpacePacketHeader.SequenceModulus));
            var station = StationNetwork.All[(int)(n % StationNetwork.All.Count)];
            batch.Add(station.Code, new(at.Ticks - (at.Ticks % TimeSpan.TicksPerMillisecond) + TimeSpan.TicksPerMillisecond, TimeSpan.Zero), frame, null, session);
        }

        return batch;
    }

    private readonly record struct Answered(IngestSum? Sum, int Count, double Milliseconds);
}
