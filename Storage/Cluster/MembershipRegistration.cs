using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;

namespace Svom.Cluster;

/// <summary>Silos that find each other in the database that they share.</summary>
public static class MembershipRegistration
{
    /// <summary>Over the database that <c>AddPostgresStorage</c> uses.</summary>
    public static ISiloBuilder UsePostgresMembership(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IMembershipTable, PostgresMembershipTable>();
        return silo;
    }

    /// <summary>Places that processes on the database take. The database is that which <c>AddPostgresStorage</c> uses.</summary>
    public static IServiceCollection AddProcessPlaces(this IServiceCollection services) => services.AddSingleton<ProcessPlaces>();
}
