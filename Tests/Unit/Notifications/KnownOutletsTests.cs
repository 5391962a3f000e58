using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Svom.Notifications;
using Svom.Support;

namespace Svom.Unit.Notifications;

public sealed class KnownOutletsTests
{
    [Fact] // Bursts would owe it their lines for ever.
    public void An_outlet_that_nobody_is_stops_the_start_with_the_names_there_are()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Outlets("kafka"));
        Assert.Contains("Svom:Notifications:Outlets names 'kafka'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("there are: mqtt", refused.Message, StringComparison.Ordinal);
    }

    [Fact] // Elements of a setting add to the default: an outlet that stands there twice would tell everything twice.
    public void An_outlet_that_is_named_again_is_one()
    {
        Assert.Equal(["mqtt"], Outlets());
        Assert.Equal(["mqtt"], Outlets("mqtt"));
    }

    private static string[] Outlets(params string[] names)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(names.Select(static (name, n) => KeyValuePair.Create($"Svom:Notifications:Outlets:{n}", (string?)name))).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(settings).AddSingleton<IAlertTransport, RememberingTransport>().AddSvomGrains().BuildServiceProvider();
        return services.GetRequiredService<IOptions<NotificationOptions>>().Value.Outlets;
    }
}
