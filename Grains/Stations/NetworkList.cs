using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Svom.Stations;

/// <summary>The network list of this platform.</summary>
internal sealed class NetworkList(IOptions<StationWatchOptions> options)
{
    private readonly Lazy<ImmutableArray<Station>> stations = new(() => Read(options.Value.File));

    public ImmutableArray<Station> Stations => stations.Value;

    private static ImmutableArray<Station> Read(string file) => file.Length == 0 ? StationList.Bundled : StationList.Read(File.ReadAllBytes(file));
}

/// <summary>A list that cannot be read stops the start, with a sentence that says what is wrong.</summary>
internal sealed class ReadableNetworkList : IValidateOptions<StationWatchOptions>
{
    // Some hundred octets a station.
    private const long MostOctets = 4 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, StationWatchOptions options)
    {
        if (options.File.Length == 0)
        {
            return ValidateOptionsResult.Success;
        }

        try
        {
            var file = new FileInfo(options.File);
            if (file.Length > MostOctets)
            {
                return Fail(options, "it is too large");
            }

            _ = StationList.Read(File.ReadAllBytes(options.File));
            return ValidateOptionsResult.Success;
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Fail(options, fault.Message);
        }
    }

    private static ValidateOptionsResult Fail(StationWatchOptions options, string why) =>
        ValidateOptionsResult.Fail($"{StationWatchOptions.Section}:File '{options.File}' cannot be used: {why}");
}
