using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Svom.Storage;

namespace Svom.Hosting;

/// <summary>Settings of a cluster that cannot work are refused by name.</summary>
public sealed class ClusterSettingsTests
{
    [Theory]
    [InlineData("Svom:Cluster:Address", "somewhere")]
    [InlineData("Svom:Cluster:Address", "0.0.0.0")]
    [InlineData("Svom:Cluster:SiloPort", "65536")]
    [InlineData("Svom:Cluster:Name", "")]
    public void A_setting_outside_its_range_stops_the_start(string setting, string value)
    {
        var refused = Assert.Throws<CannotStartException>(() => Read(("Svom:Cluster:Mode", "postgres"), (setting, value)));
        Assert.Contains(setting.Split(':')[^1], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_platform_by_itself_cannot_leave_the_outlets_to_others()
    {
        var refused = Assert.Throws<CannotStartException>(() => Read(("Svom:Cluster:Outlets", "false")));
        Assert.Contains("Svom:Cluster:Outlets", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silos_need_stores_that_they_can_share()
    {
        var cluster = Read(("Svom:Cluster:Mode", "Postgres"));
        var refused = Assert.Throws<CannotStartException>(() => new ServiceCollection().AddCluster(cluster, StorageProvider.Sqlite));
        Assert.Contains("Svom:Storage:Provider", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_settings_the_process_is_the_whole_platform()
    {
        var cluster = Read();
        Assert.Equal((ClusterMode.Embedded, true), (cluster.Mode, cluster.Outlets));
        Assert.Empty(new ServiceCollection().AddCluster(cluster, StorageProvider.Sqlite));
    }

    private static SiloClusterOptions Read(params (string Setting, string Value)[] settings) => ClusterSilo.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static one => KeyValuePair.Create(one.Setting, (string?)one.Value))).Build());
}
