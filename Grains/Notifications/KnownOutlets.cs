using Microsoft.Extensions.Options;

namespace Svom.Notifications;

/// <summary>
/// A burst would owe its lines to an outlet that nobody is, for ever: only names of transports are taken. Elements of the setting add to the
/// default, so a name that stands twice is one.
/// </summary>
internal sealed class KnownOutlets(IEnumerable<IAlertTransport> transports, IEnumerable<OutletElsewhere> elsewhere) : IValidateOptions<NotificationOptions>, IPostConfigureOptions<NotificationOptions>
{
    public void PostConfigure(string? name, NotificationOptions options) => options.Outlets = [.. options.Outlets.Distinct(StringComparer.Ordinal)];

    public ValidateOptionsResult Validate(string? name, NotificationOptions options)
    {
        var known = transports.Select(static transport => transport.Name).Concat(elsewhere.Select(static outlet => outlet.Name)).ToArray();
        return options.Outlets.FirstOrDefault(outlet => !known.Contains(outlet, StringComparer.Ordinal)) is { } unknown
            ? ValidateOptionsResult.Fail($"{NotificationOptions.Section}:Outlets names '{unknown}', which is no outlet; there are: {string.Join(", ", known)}.")
            : ValidateOptionsResult.Success;
    }
}
