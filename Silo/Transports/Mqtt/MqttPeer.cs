using System.Collections.Immutable;

namespace Svom.Notifications.Mqtt;

/// <summary>Who stands behind a connection.</summary>
/// <param name="Name">Station or telescope name; null when anonymous.</param>
/// <param name="Roles">What its token carries.</param>
/// <param name="IsPlatform">The platform's own connection.</param>
/// <param name="SpeaksV5">Protocol 5: it understands reason codes.</param>
/// <param name="Token">Digest of the token it came with; null without one that can be withdrawn.</param>
internal sealed record MqttPeer(string? Name, ImmutableArray<string> Roles, bool IsPlatform, bool SpeaksV5, string? Token = null)
{
    /// <summary>True when the peer's token carries the role.</summary>
    public bool Is(string role) => Roles.Contains(role, StringComparer.Ordinal);
}
