using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Svom.Notifications;

namespace Svom.Hosting;

/// <summary>Where the gRPC door really listens: known once the server has bound its port.</summary>
internal sealed class GrpcEndpoint
{
    private ListenOptions? _listening;

    /// <summary>The port; a free one when the setting says 0.</summary>
    public int Port => _listening?.IPEndPoint?.Port ?? throw new InvalidOperationException("The gRPC door does not listen yet.");

    /// <summary>HTTP/2 without TLS, on loopback: gRPC needs no other, and without TLS a port can't offer both.</summary>
    public void Listen(KestrelServerOptions kestrel, int port) => kestrel.Listen(IPAddress.Loopback, port, listening =>
    {
        listening.Protocols = HttpProtocols.Http2;
        _listening = listening;
    });
}

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
