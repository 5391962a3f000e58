using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;
using Svom.Notifications.Mqtt;

namespace Svom.Contracts.Notifications;

public sealed class LastWordsTests
{
    [Fact]
    public async Task What_was_written_is_read_though_the_connection_ended_with_a_failure()
    {
        var pipe = new Pipe();
        var output = new LastWords(pipe.Writer);
        await output.WriteAsync(new byte[] { 0xE0, 1, 0x87 }, TestContext.Current.CancellationToken);
        output.Complete(new OperationCanceledException("The reading ended."));
        output.Complete(new InvalidOperationException("It ended again."));

        var read = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, read.Buffer.Length);
        Assert.True(read.IsCompleted);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_keeps_its_place_for_five_seconds_only()
    {
        var time = new FakeTimeProvider();
        await using var services = new ServiceCollection().AddMetrics().AddSingleton<MqttMetrics>().BuildServiceProvider();
        var door = new MqttDoor(Options.Create(new MqttOptions()), services.GetRequiredService<MqttMetrics>(), time, NullLogger<MqttDoor>.Instance);
        await door.Library.StartAsync(new MqttServerOptions(), MqttNetNullLogger.Instance);
        door.Library.ClientHandler = static adapter => adapter.DisconnectAsync(CancellationToken.None);
        var pair = (Client: new Pipe(), Platform: new Pipe());
        await using var connection = new DefaultConnectionContext("deaf") { Transport = new Sides(pair.Client.Reader, pair.Platform.Writer) };
        var closed = new TaskCompletionSource();
        await using var closing = connection.ConnectionClosed.Register(closed.SetResult);
        var served = door.OnConnectedAsync(connection);

        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(served.IsCompleted, served.Exception?.ToString());
        time.Advance(TimeSpan.FromSeconds(0.2));

        await served.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private sealed record Sides(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
