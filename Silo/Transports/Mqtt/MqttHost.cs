using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// Starts and stops the parts in their order: the broker before the server listens, the platform's own connection after it, and at the
/// end goodbye to all clients before the server waits for their connections.
/// </summary>
internal sealed class MqttHost(
    MqttBroker broker, MqttRestore restore, MqttEndpoint endpoint, PlatformConnection platform, IOptions<MqttOptions> options, TimeProvider time, ILogger<MqttHost> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WithdrawalPeriod = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stopping = new();
    private long _beats;
    private Task _beating = Task.CompletedTask;
    private Task _sweeping = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        RefuseBusyPort(options.Value.Port);
        await broker.StartAsync();
        await restore.RunAsync(cancellationToken);
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        logger.Listening(endpoint.ToString());
        platform.Start();
        _beating = EachAsync(HeartbeatPeriod, BeatAsync, logger.HeartbeatFailed, _stopping.Token);
        _sweeping = EachAsync(SweepPeriod, _ => broker.Queues.SweepAsync(), logger.SweepFailed, _stopping.Token);
        _watching = EachAsync(WithdrawalPeriod, broker.Withdrawals.LookAsync, logger.WithdrawalsUnseen, _stopping.Token);
        try
        {
            await platform.Connected.WaitAsync(options.Value.EchoTimeout, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            logger.EchoRefused(exception); // It goes on trying; until then nothing counts as published.
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_beating, _sweeping, _watching);
        if (broker.IsStarted)
        {
            await broker.InjectAsync(SystemMessages.Status("stopping", time.GetUtcNow()), cancellationToken);
            await broker.Queues.DrainAsync(cancellationToken);
            await platform.StopAsync();
            await broker.StopAsync();
            await broker.Memory.FlushAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    /// <summary>The web server's own complaint does not know our setting.</summary>
    private static void RefuseBusyPort(int port)
    {
        if (port == 0)
        {
            return;
        }

        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
        }
        catch (SocketException exception)
        {
            throw new InvalidOperationException(
                $"Port {port} for MQTT can't be opened on 127.0.0.1 ({exception.Message}): set {MqttOptions.PortSetting} to another one, or to 0 for a free one.", exception);
        }
    }

    private Task BeatAsync(CancellationToken stopping) => broker.InjectAsync(SystemMessages.Heartbeat(time.GetUtcNow(), ++_beats), stopping);

    /// <summary>Does something again and again; what fails is told and tried at the next time.</summary>
    private async Task EachAsync(TimeSpan period, Func<CancellationToken, Task> act, Action<Exception> tell, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(period, time);
        while (await NextAsync(timer, stopping))
        {
            try
            {
                await act(stopping);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                if (!stopping.IsCancellationRequested) // A stop ends what is under way: that is no failure.
                {
                    tell(exception);
                }
            }
        }
    }

    private static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
