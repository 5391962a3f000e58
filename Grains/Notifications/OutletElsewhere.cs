using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Svom.Notifications;

/// <summary>An outlet whose transport runs in another process of the cluster: bursts owe it their lines here as there.</summary>
internal sealed record OutletElsewhere(string Name);

/// <summary>Registration of outlets that are not in this process.</summary>
public static class OutletsElsewhere
{
    /// <summary>To be called instead of registering the transport. Outlet grains then live on silos that have it; while there is none, what is owed to them waits.</summary>
    public static IServiceCollection AddOutletsElsewhere(this IServiceCollection services, string name) =>
        services.AddSingleton(new OutletElsewhere(name)).PostConfigure<GrainTypeOptions>(static types => types.Classes.Remove(typeof(OutletGrain)));
}
