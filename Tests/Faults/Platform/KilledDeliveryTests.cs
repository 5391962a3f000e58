using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;
using Svom.EndToEnd;
using Svom.Packets;
using Svom.Support;

namespace Svom.Faults;

/// <summary>
/// A station delivers ten thousand receptions over MQTT while the platform is killed (kill -9): every PUBACK is a promise. <c>SVOM_SEED</c> repeats a run.
/// </summary>
[Collection(PlatformCollection.Name)]
public sealed class KilledDeliveryTests(ITestOutputHelper output) : IDisposable
{
    private const int Messages = 10_000;
    private const int UnderWay = 200;
    private const int Kills = 3;
    private const string Topic = "svom/v1/packets/KOU";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_acknowledged_reception_is_stored_whenever_the_platform_is_killed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SVOM_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next(1, 1_000_000);
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        var (http, mqtt) = (PlatformProcess.FreePort(), PlatformProcess.FreePort());
        var acknowledged = new ConcurrentDictionary<int, bool>();
        string? token = null;
        for (var life = 0; acknowledged.Count < Messages; life++)
        {
            await using var platform = await PlatformProcess.StartAsync(folder.Path, http, mqtt);
            token ??= await TokenAsync(platform);
            var enough = life < Kills ? acknowledged.Count + random.Next(1, Messages / (Kills + 1)) : int.MaxValue;
            await DeliverAsync(mqtt, token, acknowledged, enough, platform.KillAsync);
            output.WriteLine($"{acknowledged.Count} acknowledged");
            if (acknowledged.Count == Messages)
            {
                Assert.Equal(0, await platform.StopAsync());
            }
        }

        var stored = await LogOnDisk.ReadAsync(folder.Path, new(PacketDefinitions.Current.SpacecraftName, "kills"));
        var numbers = stored.Select(static reception => (int)(reception.ReceivedAt - Start).TotalMilliseconds).ToList();
        Assert.Empty(acknowledged.Keys.Except(numbers));
        Assert.Equal(Messages, numbers.Count); // What was sent again stands there once.
        Assert.Equal(Messages, numbers.Distinct().Count());
    }

    /// <summary>Sends what is not acknowledged yet, some hundred at a time; kills when enough is, with the others under way.</summary>
    private static async Task DeliverAsync(int port, string token, ConcurrentDictionary<int, bool> acknowledged, int enough, Func<Task> kill)
    {
        using var station = new MqttClientFactory().CreateMqttClient();
        await station.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500)
            .WithCredentials("KOU", token).WithTimeout(TimeSpan.FromSeconds(30)).Build(), TestContext.Current.CancellationToken);
        using var window = new SemaphoreSlim(UnderWay);
        var killing = 0;
        var died = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = new List<Task>();
        foreach (var n in Enumerable.Range(0, Messages).Where(n => !acknowledged.ContainsKey(n)).ToArray())
        {
            await window.WaitAsync(TestContext.Current.CancellationToken);
            if (killing > 0)
            {
                break;
            }

            sending.Add(SendAsync(n));
        }

        await Task.WhenAll(sending);
        if (killing > 0)
        {
            await died.Task;
        }

        async Task SendAsync(int n)
        {
            try
            {
                var answer = await station.PublishAsync(Message(n), TestContext.Current.CancellationToken);
                Assert.Equal(MqttClientPublishReasonCode.Success, answer.ReasonCode);
                acknowledged[n] = true;
                if (acknowledged.Count >= enough && Interlocked.Exchange(ref killing, 1) == 0)
                {
                    await kill();
                    died.SetResult();
                }
            }
            catch (Exception gone) when (killing > 0 && gone is MqttCommunicationException or OperationCanceledException or ObjectDisposedException)
            {
                // Not acknowledged: to be sent again.
            }
            finally
            {
                window.Release();
            }
        }
    }

    private static MqttApplicationMessage Message(int n)
    {
        var octets = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(octets, n);
        var reception = new { station = "KOU", receivedAt = Start.AddMilliseconds(n).UtcDateTime, octets, session = "kills" };
        return new MqttApplicationMessageBuilder().WithTopic(Topic).WithContentType("application/json").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithPayload(JsonSerializer.SerializeToUtf8Bytes(reception)).Build();
    }

    private static async Task<string> TokenAsync(PlatformProcess platform)
    {
        using var door = platform.Authorized();
        using var answer = await door.PostAsJsonAsync("/api/v1/tokens", new { name = "KOU", roles = new[] { "station" } });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }
}
