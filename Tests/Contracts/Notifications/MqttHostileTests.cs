using System.IO.Pipelines;
using System.Net.Sockets;
using CsCheck;
using MQTTnet.Exceptions;
using Svom.Notifications.Mqtt;

namespace Svom.Contracts.Notifications;

public sealed class MqttHostileTests(ITestOutputHelper output)
{
    private static readonly byte[] Connect = [0x10, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 0, 0, 1, (byte)'x'];

    [Fact]
    public async Task No_bytes_at_the_port_stop_the_alerts()
    {
        const int Strings = 20_000;
        const int Workers = 8;
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync("svom/v1/alerts/#");

        // A share of time, since a loaded machine must not spend minutes here: the seed gives the same strings in the same order.
        var began = TimeProvider.System.GetTimestamp();
        var thrown = await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            var random = new Random(seed + worker);
            var i = 0;
            for (; i < Strings / Workers && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30); i++)
            {
                await ThrowAsync(platform.Port, Soup(random));
            }

            return i;
        }));
        output.WriteLine($"{thrown.Sum()} strings in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F1} s");

        await platform.Transport.PublishAsync(
            new("svom/v1/alerts/grm/grm-trigger", "{}"u8.ToArray(), "application/json", Retain: false, null, []), TestContext.Current.CancellationToken);
        Assert.Equal("{}", (await reader.NextAsync()).Text);
    }

    [Theory]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 0x30, 0x02 })]
    [InlineData(new byte[] { 0x10, 0x81, 0x80, 0x04 })]
    public async Task A_giant_or_early_packet_ends_the_connection_before_its_body_is_awaited(byte[] header)
    {
        await using var platform = await MqttPlatform.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", platform.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(header, TestContext.Current.CancellationToken);
        Assert.Equal(0, await ReadAsync(client.GetStream()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_leaves_within_a_packet_is_forgotten_at_once(bool connected)
    {
        await using var platform = await MqttPlatform.StartAsync(null, ("Svom:Mqtt:CommunicationTimeout", "00:05:00"));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", platform.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(connected ? [.. Connect, 0x30, 0x20, 0] : Connect[..5], TestContext.Current.CancellationToken);
        if (connected)
        {
            await client.GetStream().ReadExactlyAsync(new byte[4], TestContext.Current.CancellationToken);
        }

        var stream = client.GetStream();
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await ReadAsync(stream).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(4, new byte[] { 0x82, 6, 0, 1, 0, 1, (byte)'a', 0x6C })] // A quality that there is not, which was granted as it was asked for.
    [InlineData(4, new byte[] { 0x82, 6, 0, 1, 0, 1, (byte)'a', 3 })]
    [InlineData(5, new byte[] { 0x82, 7, 0, 1, 0, 0, 1, (byte)'a', 3 })]
    [InlineData(5, new byte[] { 0x82, 7, 0, 1, 0, 0, 1, (byte)'a', 0x30 })] // Retain handling 3.
    public async Task A_subscription_with_options_that_do_not_exist_ends_the_connection(byte version, byte[] subscribe)
    {
        await using var platform = await MqttPlatform.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", platform.Port, TestContext.Current.CancellationToken);
        byte[] connect = version == 4 ? Connect : [0x10, 14, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 0, 0, 0, 1, (byte)'x'];
        await client.GetStream().WriteAsync((byte[])[.. connect, .. subscribe], TestContext.Current.CancellationToken);
        var answers = new List<byte>();
        var answer = new byte[256];
        try
        {
            while (await client.GetStream().ReadAsync(answer, TestContext.Current.CancellationToken) is > 0 and var read)
            {
                answers.AddRange(answer.AsSpan(0, read));
            }
        }
        catch (IOException)
        {
            // Closed as well.
        }

        Assert.DoesNotContain((byte)0x90, answers); // No SUBACK.
    }

    [Fact] // Else its own keep-alive would end the connection while it works on what it has.
    public async Task A_subscriber_that_has_as_many_unacknowledged_as_it_takes_is_still_answered_its_pings()
    {
        await using var platform = await MqttPlatform.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", platform.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync((byte[])[0x10, 17, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 0, 3, 0x21, 0, 1, 0, 1, (byte)'x'], TestContext.Current.CancellationToken);
        await stream.WriteAsync((byte[])[0x82, 22, 0, 1, 0, 0, 16, .. "svom/v1/alerts/#"u8, 1], TestContext.Current.CancellationToken);
        await UntilAsync(0x90);
        for (var alert = 0; alert < 3; alert++)
        {
            await platform.Transport.PublishAsync(new("svom/v1/alerts/grm/grm-trigger", "{}"u8.ToArray(), "application/json", Retain: false, null, []), TestContext.Current.CancellationToken);
        }

        await UntilAsync(0x32); // The first, and no more before it is acknowledged.
        await stream.WriteAsync((byte[])[0xC0, 0], TestContext.Current.CancellationToken);
        await UntilAsync(0xD0);

        async Task UntilAsync(byte head)
        {
            var octets = new byte[2];
            do
            {
                await stream.ReadExactlyAsync(octets, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
                Assert.InRange(octets[1], 0, 127);
                await stream.ReadExactlyAsync(new byte[octets[1]], TestContext.Current.CancellationToken);
            }
            while (octets[0] != head);
        }
    }

    [Fact] // Each is kept while the connection lives: all numbers with the longest topics would be gigabytes, for a client that need not even say who it is.
    public async Task Topic_aliases_are_few_and_a_number_above_them_ends_the_connection()
    {
        await using var platform = await MqttPlatform.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", platform.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync((byte[])[0x10, 14, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 0, 0, 0, 1, (byte)'x'], TestContext.Current.CancellationToken);
        var answer = new byte[256];
        var read = await client.GetStream().ReadAsync(answer, TestContext.Current.CancellationToken);
        Assert.Equal(0x20, answer[0]);
        Assert.True(answer.AsSpan(0, read).IndexOf((byte[])[0x22, 0, 16]) > 0, Convert.ToHexString(answer.AsSpan(0, read)));

        await client.GetStream().WriteAsync(Aliased(16), TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync((byte[])[0xC0, 0], TestContext.Current.CancellationToken);
        await client.GetStream().ReadExactlyAsync(answer.AsMemory(0, 2), TestContext.Current.CancellationToken);
        Assert.Equal((byte[])[0xD0, 0], answer[..2]);

        await client.GetStream().WriteAsync(Aliased(17), TestContext.Current.CancellationToken);
        while (await ReadAsync(client.GetStream()) > 0)
        {
        }

        static byte[] Aliased(byte alias) => [0x30, 7, 0, 1, (byte)'t', 3, 0x23, 0, alias];
    }

    [Fact]
    public async Task A_packet_within_the_limit_passes_in_whatever_pieces_it_comes() =>
        await Gen.Select(Gen.Int[0, 300], Gen.Int[1, 7]).SampleAsync(async (length, piece) =>
            await PassesAsync([0x10, .. Length(length), .. new byte[length]], piece, maxPacketBytes: 200) == length <= 200);

    [Fact] // Without its own connection no alert counts as published: strangers who just sit there must not keep it out.
    public async Task However_many_strangers_sit_at_the_door_the_platform_finds_its_own_place()
    {
        const int Places = 8;
        await using var platform = await MqttPlatform.StartAsync(null, ("Svom:Mqtt:MaxConnections", $"{Places}"), ("Svom:Mqtt:CommunicationTimeout", "00:05:00"));
        await platform.Own.Connected.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var idle = Enumerable.Range(0, Places + 2).Select(static _ => new TcpClient()).ToList();
        try
        {
            foreach (var stranger in idle.SkipLast(1))
            {
                await IsTurnedAwayOnConnectAsync(stranger, platform.Port);
            }

            Assert.True(await IsTurnedAwayOnConnectAsync(idle[^1], platform.Port) || await ReadAsync(idle[^1].GetStream()) == 0); // The door is full.
            await platform.Broker.CutAsync(MqttBroker.PlatformName);
            await PublishAsync(platform).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
        finally
        {
            idle.ForEach(static stranger => stranger.Dispose());
        }
    }

    /// <summary>A full door closes what it has accepted: a client may hear of it before its own connect has returned.</summary>
    private static async Task<bool> IsTurnedAwayOnConnectAsync(TcpClient client, int port)
    {
        try
        {
            await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            return false;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>As an outlet does it: again, until the echo is there.</summary>
    private async Task PublishAsync(MqttPlatform platform)
    {
        while (true)
        {
            try
            {
                await platform.Transport.PublishAsync(
                    new("svom/v1/alerts/grm/grm-trigger", "{}"u8.ToArray(), "application/json", Retain: false, null, []), TestContext.Current.CancellationToken);
                return;
            }
            catch (TimeoutException)
            {
                output.WriteLine("once more");
            }
        }
    }

    private static byte[] Length(int value) => value < 128 ? [(byte)value] : [(byte)(value | 0x80), (byte)(value >> 7)];

    private static async Task<bool> PassesAsync(byte[] packet, int piece, int maxPacketBytes)
    {
        var pipe = new Pipe();
        var guard = new PacketGuard(pipe.Reader, maxPacketBytes);
        try
        {
            foreach (var part in packet.Chunk(piece))
            {
                await pipe.Writer.WriteAsync(part);
                var read = await guard.ReadAsync();
                guard.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }

            return true;
        }
        catch (MqttProtocolViolationException)
        {
            return false;
        }
    }

    /// <summary>Noise, noise after a good CONNECT, and a good CONNECT with a few bits turned.</summary>
    private static byte[] Soup(Random random)
    {
        var noise = new byte[random.Next(1, 200)];
        random.NextBytes(noise);
        switch (random.Next(4))
        {
            case 0:
                return noise;
            case 1:
                noise[0] = 0x10;
                return noise;
            case 2:
                // Well framed, so that it reaches the decoders.
                return [.. Connect, (byte)(random.Next(1, 16) << 4 | random.Next(16)), (byte)Math.Min(noise.Length, 127), .. noise.AsSpan(0, Math.Min(noise.Length, 127))];
            default:
                var turned = Connect.ToArray();
                turned[random.Next(turned.Length)] ^= (byte)(1 << random.Next(8));
                return [.. turned, .. noise];
        }
    }

    private static async Task ThrowAsync(int port, byte[] octets)
    {
        using var client = new TcpClient { LingerState = new(enable: true, 0) };
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        try
        {
            await client.GetStream().WriteAsync(octets, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Thrown out while still talking: as it should be.
        }
    }

    private static async Task<int> ReadAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[64], TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
