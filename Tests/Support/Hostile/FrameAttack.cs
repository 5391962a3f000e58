using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Svom.Bursts;
using Svom.Packets;
using Svom.Packets.Recovery;
using ReceptionBatch = Svom.Simulation.ReceptionBatch;

namespace Svom.Support.Hostile;

/// <summary>Hostile frames: through decoder and vote by themselves, and in batches through the HTTP door.</summary>
internal static class FrameAttack
{
    private const int Batch = 250;
    private const int Hands = 4;
    private const int VotesEvery = 4; // One vote costs as much as a hundred decoded frames.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Decoder, packet page, evidence and vote, on their own: whatever comes is a "no", never an exception.</summary>
    public static void Pure(long seed, long inputs, AttackTally tally)
    {
        var window = new CopyWindow(RecoveryLimits.Standard);
        for (var index = 0L; index < inputs; index++)
        {
            var frame = HostileFrames.Make(seed, index);
            try
            {
                var verdict = FrameCheck.Inspect(frame.Octets).Verdict;
                if (PacketDefinitions.Current.TryDecode(frame.Octets, out var packet))
                {
                    _ = PacketView.Of(packet);
                    Evidence(packet, tally, index);
                }

                if ((verdict is FrameVerdict.BadCrc or FrameVerdict.WrongLength && index % (4 * VotesEvery) < 4)
                    && window.Take(new(index + 1, frame.Station, frame.ReceivedAt, frame.Octets)).Outcome is VoteOutcome.Recovered)
                {
                    tally.Note("recovered by the vote alone", 1);
                }

                tally.Note($"verdict {verdict}", 1);
            }
            catch (Exception failure)
            {
                tally.Fault($"decoder or vote threw {failure.GetType().Name}", index, failure.ToString());
            }
        }
    }

    /// <summary>The same frames through the door.</summary>
    public static async Task RunAsync(AttackedPlatform platform, long seed, long inputs, AttackTally tally, CancellationToken cancellationToken) =>
        await AttackPace.RunAsync(inputs, Batch, Hands, async (_, first, count) =>
        {
            var batch = new ReceptionBatch();
            for (var index = first; index < first + count; index++)
            {
                var frame = HostileFrames.Make(seed, index);
                batch.Add(frame.Station, frame.ReceivedAt, frame.Octets, null, frame.Session);
            }

            var dice = new Dice(seed, HostileKind.Frames, long.MaxValue - first);
            var broken = dice.Once(10);
            var octets = broken ? OctetMutation.Mutate(batch.Octets.Span, [], dice, int.MaxValue) : batch.Octets.ToArray();
            await PostAsync(platform, octets, broken, first, count, tally, cancellationToken);
        });

    private static void Evidence(DecodedPacket packet, AttackTally tally, long index)
    {
        try
        {
            _ = PacketEvidence.From(packet);
        }
        catch (Exception failure) when (failure is ArithmeticException or ArgumentException or FormatException or InvalidOperationException)
        {
            tally.Note("values that cannot be, parked", 1); // The platform's decoder parks them by the same exceptions.
        }
        catch (Exception failure)
        {
            tally.Fault($"evidence threw {failure.GetType().Name}", index, failure.ToString());
        }
    }

    private static async Task PostAsync(AttackedPlatform platform, byte[] octets, bool broken, long first, int count, AttackTally tally, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var content = new ByteArrayContent(octets) { Headers = { ContentType = new(ReceptionBatch.ContentType) } };
            using var answer = await platform.Http.PostAsync(new Uri("/api/v1/packets", UriKind.Relative), content, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                tally.Note("503, sent again", 1);
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
                continue;
            }

            var body = JsonNode.Parse(text)!;
            var (accepted, duplicates) = answer.StatusCode == HttpStatusCode.OK ? (body["accepted"]!.GetValue<int>(), body["duplicates"]!.GetValue<int>()) : (0, 0);
            tally.Stored(accepted);
            tally.Answer(AnswerClass.Of((int)answer.StatusCode, text), count);
            if (AnswerClass.Fault((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text) is { } fault)
            {
                tally.Fault(fault, first, text);
            }
            else if (!broken && (answer.StatusCode != HttpStatusCode.OK || accepted + duplicates != count))
            {
                tally.Fault("a well-formed batch was not taken whole", first, string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {text}"));
            }

            return;
        }
    }
}
