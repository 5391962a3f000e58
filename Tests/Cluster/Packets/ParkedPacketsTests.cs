using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Svom.Ccsds;
using Svom.Packets;
using Svom.Support;

namespace Svom.Cluster.Packets;

/// <summary>An update on board may bring codes that no table has: whoever reads the log must see it, and everything else beside it.</summary>
public sealed class ParkedPacketsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_flood_of_parked_packets_is_one_line_of_the_log_that_counts_them()
    {
        const int Parked = 300;
        using var lines = new Lines();
        await using var silo = await SiloHost.StartAsync(folder.Path, lines);
        Reception[] flood = [Frames.Heard(Frames.Grm()), .. Enumerable.Range(0, Parked).Select(static n => Frames.Heard(Unknown(n)))];
        Assert.True((await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. flood]), default)).Accepted);
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/grm/grm-trigger");
        await silo.Grains.GetGrain<ISequencerGrain>(PacketDefinitions.Current.SpacecraftName).CatchUpAsync(default); // After the batch, its line included.

        var line = Assert.Single(lines.All, static line => line.Contains("parked", StringComparison.Ordinal));
        Assert.StartsWith($"svom: {Parked} packets are parked, the first at 2: ", line, StringComparison.Ordinal);
    }

    private static byte[] Unknown(int count)
    {
        var (frame, band) = (Frames.Alert(4711, count % 256, 12.5, sequenceCount: count), PacketDefinitions.Current[PacketKind.EclairsAlert]["Alert_TriggerBand"]);
        band.Write(frame, (1UL << band.Bits) - 1);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(^2..), Crc16.Compute(frame.AsSpan(..^2)));
        return frame;
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
