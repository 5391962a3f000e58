using Svom.Packets;
using Svom.Packets.Recovery;
using Svom.Simulation;

namespace Svom.Unit.Packets.Recovery;

/// <summary>A whole night's receptions with all the harm a network can do and ever more noise: what comes out, whole or by vote, is what was sent.</summary>
public sealed class NoisyNightTests(ITestOutputHelper output)
{
    private const int FirstSeed = 1;
    private const int Seeds = 5;

    [Theory]
    [InlineData(0.0005), InlineData(0.002), InlineData(0.005), InlineData(0.01), InlineData(0.02)]
    public void No_packet_comes_out_that_the_satellite_did_not_send(double bitErrors)
    {
        var scenario = ScenarioReader.Read(BundledScenarios.Find("sb26042105")!);
        var sent = Frames(ScenarioPlan.Make(scenario, new())).Select(static one => Convert.ToHexString(one.Octets.Span)).ToHashSet(StringComparer.Ordinal);
        var (receptions, whole, voted) = (0, new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var seed = FirstSeed; seed < FirstSeed + Seeds; seed++)
        {
            var window = new CopyWindow(RecoveryLimits.Standard);
            var position = 0L;
            foreach (var one in Frames(ScenarioPlan.Make(scenario, new(seed, Loss: 0.2, Duplicate: 0.1, Corrupt: 0.02, Late: 0.1, Shuffle: true, BitErrors: bitErrors))).DistinctBy(static one => (one.Station, one.ReceivedAt, Convert.ToHexString(one.Octets.Span))))
            {
                receptions++;
                position++;
                if (PacketDefinitions.Current.TryDecode(one.Octets.Span, out _))
                {
                    whole.Add(Convert.ToHexString(one.Octets.Span));
                }
                else if (window.Take(new(position, one.Station, one.ReceivedAt, one.Octets)) is { Outcome: VoteOutcome.Recovered } vote)
                {
                    voted.Add(Convert.ToHexString(vote.Octets.Span));
                }
            }
        }

        output.WriteLine($"seeds {FirstSeed} to {FirstSeed + Seeds - 1}, wrong bits {bitErrors:P2}: {receptions} receptions of {sent.Count} packets, {whole.Count} packets heard whole by one of the nights, {voted.Count} voted by one");
        Assert.Empty(whole.Union(voted, StringComparer.Ordinal).Except(sent, StringComparer.Ordinal));
        Assert.Equal(bitErrors < 0.02, whole.Count > 0); // One copy of ten million is whole at 2 %, and of a hundred votes hardly one is certain enough.
        Assert.NotEmpty(voted);
    }

    private static IEnumerable<PlannedReception> Frames(ScenarioPlan plan) => plan.Events.OfType<PlannedReception>();
}
