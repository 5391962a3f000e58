using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Svom.Notifications;

namespace Svom.Hosting;

/// <summary>The address of the REST door as it really listens, known once the server runs.</summary>
internal sealed class PublicAddress(IServer server, PortOptions ports) : IPublicAddress
{
    /// <exception cref="InvalidOperationException">A free port was asked for and the server does not listen yet: no link may be written.</exception>
    public string Root => HttpPort is var port and not 0 ? $"http://127.0.0.1:{port}" : throw new InvalidOperationException("The REST door does not listen yet.");

    /// <summary>The port the REST door listens on, also when a free one was asked for. Its endpoint is the first one opened.</summary>
    public int HttpPort =>
        ports.Http != 0 ? ports.Http
        : server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(static address => new Uri(address).Port).FirstOrDefault() ?? 0;
}
