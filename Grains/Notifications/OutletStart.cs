using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Svom.Notifications;

/// <summary>Once the doors are open, every outlet publishes on from its cursor and rebuilds its retained messages.</summary>
internal sealed partial class OutletStart(
    IGrainFactory grains, IEnumerable<IAlertTransport> transports, IHostApplicationLifetime lifetime, TimeProvider time, IOptions<NotificationOptions> options, ILogger<OutletStart> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() =>
        {
            foreach (var outlet in options.Value.Outlets.Intersect(transports.Select(static transport => transport.Name), StringComparer.Ordinal))
            {
                _ = Task.Run(() => RebuildAsync(outlet, lifetime.ApplicationStopping), lifetime.ApplicationStopping);
            }
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RebuildAsync(string outlet, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IOutletGrain>(outlet).RebuildAsync(cancellationToken);
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotRebuilt(outlet, failure);
                await Task.Delay(Pause, time, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(3111, LogLevel.Warning, "Outlet {Outlet} could not be taken up yet; again in a second")]
    private partial void LogNotRebuilt(string outlet, Exception failure);
}
