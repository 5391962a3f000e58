using System.Globalization;

namespace Svom.Support.Hostile;

/// <summary>Hostile MQTT packets, over TCP and, for a share, over WebSocket.</summary>
internal static class MqttAttack
{
    private const int Hands = 24;
    private const int OverWebSocket = 16; // One block in so many.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task RunAsync(AttackedPlatform platform, HostileMqtt mqtt, long seed, long inputs, AttackTally tally, CancellationToken cancellationToken) =>
        AttackPace.RunAsync(inputs, HostileMqtt.Block, Hands, async (hand, first, count) =>
        {
            var talk = new Talk(platform, mqtt, tally, $"fuzz-hand-{hand}", new Dice(seed, HostileKind.Mqtt, long.MaxValue - first).Once(OverWebSocket));
            try
            {
                for (var index = first; index < first + count; index++)
                {
                    await talk.SayAsync(mqtt.Make(seed, index), index, cancellationToken);
                }
            }
            finally
            {
                talk.Dispose();
            }
        });

    /// <summary>One speaker's packets in a row, over as many connections as it takes.</summary>
    private sealed class Talk(AttackedPlatform platform, HostileMqtt mqtt, AttackTally tally, string client, bool overWebSocket) : IDisposable
    {
        private MqttWire? wire;
        private string phase = "";

        public async Task SayAsync(HostilePacket packet, long index, CancellationToken cancellationToken)
        {
            using var patient = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patient.CancelAfter(Patience);
            var answers = new List<string>();
            try
            {
                await SayAsync(packet, answers, patient.Token);
                foreach (var answer in answers.DefaultIfEmpty("closed"))
                {
                    tally.Note(answer, 1);
                }

                tally.Answer(packet.Opens ? "connects" : "packets");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                tally.Answer("no answer");
                tally.Fault($"no answer within {Patience.TotalSeconds} s {phase}", index, string.Create(CultureInfo.InvariantCulture, $"version {packet.Version} {packet.Speaker} {Convert.ToBase64String(packet.Octets.AsSpan(0, Math.Min(1_000, packet.Octets.Length)))}"));
                Close();
            }
        }

        public void Dispose() => Close();

        private async Task SayAsync(HostilePacket packet, List<string> answers, CancellationToken cancellationToken)
        {
            if (packet.Opens)
            {
                phase = "to the end after a broken CONNECT";
                using var other = await MqttWire.OpenAsync(platform, overWebSocket, cancellationToken);
                await other.EndAsync(packet.Octets, Seen, cancellationToken);
                return;
            }

            phase = "to a right CONNECT";
            wire ??= await LoginAsync(packet, cancellationToken);
            phase = "to a packet";
            if (HostileMqtt.IsWhole(packet.Octets))
            {
                if (await wire.AskAsync(packet.Octets, Seen, cancellationToken))
                {
                    answers.Add("taken");
                    return;
                }
            }
            else
            {
                await wire.EndAsync(packet.Octets, Seen, cancellationToken);
            }

            Close();

            void Seen(byte head, ReadOnlyMemory<byte> body)
            {
                switch (head >> 4)
                {
                    case 2:
                        answers.Add($"connack {Code(body, 1):X2}");
                        break;
                    case 4 or 5:
                        answers.Add($"{(head >> 4 == 4 ? "puback" : "pubrec")} {Code(body, 2):X2}");
                        break;
                    case 9:
                        answers.Add($"suback {(body.Length > 0 ? body.Span[^1] : 0):X2}");
                        break;
                    case 14:
                        answers.Add($"disconnect {Code(body, 0):X2}");
                        break;
                }
            }
        }

        private static byte Code(ReadOnlyMemory<byte> body, int at) => body.Length > at ? body.Span[at] : (byte)0;

        private async Task<MqttWire> LoginAsync(HostilePacket packet, CancellationToken cancellationToken)
        {
            while (true)
            {
                var opened = await MqttWire.OpenAsync(platform, overWebSocket, cancellationToken);
                if (await opened.LoginAsync(mqtt.Login(packet.Version, packet.Speaker, $"{client}-{packet.Speaker}"), cancellationToken) is not null)
                {
                    return opened;
                }

                opened.Dispose();
                tally.Note("right login not answered, again", 1);
            }
        }

        private void Close()
        {
            wire?.Dispose();
            wire = null;
        }
    }
}
