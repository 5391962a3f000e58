using Microsoft.Extensions.DependencyInjection;
using Svom.Notifications;

namespace Svom.Crash;

/// <summary>What a silo needs of the world around it: nobody hears its alerts, and it has no address.</summary>
internal static class OutsideWorld
{
    public static IServiceCollection AddOutsideWorld(this IServiceCollection services) =>
        services.AddSingleton<IAlertTransport, NoTransport>().AddSingleton<IPublicAddress, NoAddress>();

    private sealed class NoAddress : IPublicAddress
    {
        public string Root => "http://127.0.0.1";
    }

    private sealed class NoTransport : IAlertTransport
    {
        public string Name => "mqtt";

        public Task PublishAsync(Publication publication, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
