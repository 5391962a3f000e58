using Microsoft.Extensions.Configuration;
using Svom.Hosting;

namespace Svom.Unit.Hosting;

public sealed class SettingsCheckTests
{
    [Theory]
    [InlineData("Svom:Ports:Htp", "8090"), InlineData("Svom:Port:Http", "8090"), InlineData("Svom:Mqtt:Port", "1884")]
    public void A_setting_that_nothing_reads_is_named(string key, string value) =>
        Assert.Contains(key, Refusal(key, value, static settings => SettingsCheck.RefuseUnknown(settings, KnownSettings.Sections)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Svom:Ports:Http", "abc"), InlineData("Svom:Mqtt:MaxConnections", "many"), InlineData("Svom:Bursts:SlewDeadline", "eight minutes")]
    public void A_value_of_another_kind_is_refused_by_the_name_of_its_setting(string key, string value) =>
        Assert.Contains(key, Refusal(key, value, static settings => SettingsCheck.RefuseUnreadable(settings, KnownSettings.Sections)), StringComparison.Ordinal);

    [Fact] // Without an identity provider nothing listens beyond this machine.
    public void The_web_servers_own_endpoints_open_no_door() =>
        Assert.Contains("Kestrel:Endpoints:Public", Refusal("Kestrel:Endpoints:Public:Url", "http://0.0.0.0:9000", SettingsCheck.RefuseOtherEndpoints), StringComparison.Ordinal);

    private static string Refusal(string key, string value, Action<IConfiguration> check) =>
        Assert.Throws<CannotStartException>(() => check(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build())).Message;
}
