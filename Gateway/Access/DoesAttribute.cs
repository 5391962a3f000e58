using Microsoft.AspNetCore.Authorization;

namespace Svom.Access;

/// <summary>Says what a gRPC method does, as <see cref="DeedDeclaration.For"/> says it of an endpoint.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DoesAttribute(Deed deed) : Attribute
{
    public Deed Deed => deed;
}

internal static class ServiceDeeds
{
    /// <summary>Ties each method of a service to the one policy table by what it says that it does. A method that says nothing stops the start.</summary>
    public static void ForItsDeeds(this GrpcServiceEndpointConventionBuilder service) => service.Add(static endpoint =>
    {
        var known = endpoint.Metadata.OfType<Grpc.AspNetCore.Server.GrpcMethodMetadata>().Any();
        var deed = endpoint.Metadata.OfType<DoesAttribute>().SingleOrDefault()?.Deed
            ?? (known ? throw new InvalidOperationException($"{endpoint.DisplayName} does not say what it does.") : Deed.Look); // Unknown methods: they only answer that.
        var requirement = new DeedRequirement(deed);
        endpoint.Metadata.Add(requirement);
        endpoint.Metadata.Add(new AuthorizeAttribute());
        endpoint.Metadata.Add(new AuthorizationPolicyBuilder(BearerAuthentication.SchemeName).AddRequirements(requirement).Build());
    });
}
