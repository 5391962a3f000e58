using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Svom.Notifications;

namespace Svom.Hosting;

/// <summary>The address of the REST door as it really listens, known once the server runs.</summary>
internal sealed class PublicAddress(IServer server, PortOptions ports) : IPublicAddress
{
    public string Root => $"http://127.0.0.1:{HttpPort}";

    /// <summary>The port the REST door listens on, also when a free one was asked for. Its endpoint is the first one opened.</summary>
    public int HttpPort =>
        ports.Http != 0 ? ports.Http
        : server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(static address => new Uri(address).Port).FirstOrDefault() ?? 0;
}
