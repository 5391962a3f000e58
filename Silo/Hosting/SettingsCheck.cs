using Microsoft.Extensions.Configuration;

namespace Svom.Hosting;

/// <summary>A misspelt setting must not be passed over in silence: every key under <c>Svom</c> has to be one that something reads.</summary>
internal static class SettingsCheck
{
    /// <exception cref="CannotStartException">Names the setting that nothing reads, and what there is.</exception>
    public static void RefuseUnknown(IConfiguration configuration, IReadOnlyDictionary<string, Type> sections)
    {
        foreach (var (key, value) in configuration.GetSection("Svom").AsEnumerable())
        {
            if (value is not null && !Known(key, sections))
            {
                throw new CannotStartException(
                    $"There is no setting '{key}'. Settings stand under {string.Join(", ", sections.Keys.Order(StringComparer.Ordinal))}; docs/operating/settings.md lists them.");
            }
        }
    }

    /// <exception cref="CannotStartException">Names the setting whose value is of another kind. Ranges are judged by each section's own validation at the start.</exception>
    public static void RefuseUnreadable(IConfiguration configuration, IReadOnlyDictionary<string, Type> sections)
    {
        foreach (var (section, type) in sections)
        {
            try
            {
                _ = configuration.GetSection(section).Get(type);
            }
            catch (InvalidOperationException unreadable)
            {
                throw new CannotStartException($"{unreadable.Message} docs/operating/settings.md says what it takes.", unreadable);
            }
        }
    }

    /// <summary>The web server would listen wherever its own settings say: beside our ports, and on any address.</summary>
    /// <exception cref="CannotStartException">Names the setting.</exception>
    public static void RefuseOtherEndpoints(IConfiguration configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().FirstOrDefault() is { } endpoint)
        {
            throw new CannotStartException($"'{endpoint.Path}' would open a door without an identity provider. The platform listens on 127.0.0.1; its ports stand under {PortOptions.Section}.");
        }
    }

    private static bool Known(string key, IReadOnlyDictionary<string, Type> sections)
    {
        var parent = sections.Keys.FirstOrDefault(section => key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase));
        var names = parent is null ? [] : key[(parent.Length + 1)..].Split(':');
        var type = parent is null ? null : sections[parent];
        foreach (var name in names)
        {
            if (type is null)
            {
                return false;
            }

            if (type.IsArray || type.GetInterface(typeof(System.Collections.IEnumerable).FullName!) is not null && type != typeof(string))
            {
                return true; // Elements of a list, members of a table: their owner's validation judges them.
            }

            type = type.GetProperties().FirstOrDefault(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase) && property.SetMethod is { IsPublic: true })?.PropertyType;
        }

        return type is not null;
    }
}
