using Svom.Stations;

namespace Svom.Monitoring;

/// <summary>What an alarm says, and what to do about it.</summary>
internal static class AlarmWords
{
    public static AlarmMessage Message(
        string id, string kind, Station? station, bool raised, DateTimeOffset at, DateTimeOffset since, AlarmPriority priority, string evidence) =>
        new(id, kind, station?.Id, raised, at, since, priority, What(kind, station), evidence, Action(kind, station));

    private static string What(string kind, Station? station) => kind switch
    {
        StationChecks.SilentSatellite => "Nobody hears the satellite though several stations should.",
        StationChecks.SilentStation => $"{Name(station)} does not hear the satellite while its neighbours do.",
        StationChecks.CrcFailures => $"Too many frames of {Name(station)} are broken.",
        _ => $"{Name(station)} delivers most of its packets late.",
    };

    private static string Action(string kind, Station? station) => kind switch
    {
        StationChecks.SilentSatellite =>
            "See whether receptions reach the platform at all (POST /api/v1/packets, the tokens of the stations, the line to them). If they do, ask mission control whether the VHF emitter is on.",
        StationChecks.SilentStation => $"See whether its line and power are up, then ask its owner, {Owner(station)}. Shelve the alarm while it is repaired.",
        StationChecks.CrcFailures => $"Interference or a damaged antenna: compare the signal of its frames with those of neighbours, then ask its owner, {Owner(station)}.",
        _ => $"A slow or congested line, or a clock that is wrong: ask its owner, {Owner(station)}.",
    };

    private static string Name(Station? station) => station is null ? "A station" : $"{station.Id} ({station.Name})";

    private static string Owner(Station? station) => station is null ? "unknown" : $"{station.Owner.Name} <{station.Owner.Email}>";
}
