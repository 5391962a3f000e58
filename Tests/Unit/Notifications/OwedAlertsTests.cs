using Svom.Notifications.Mqtt;

namespace Svom.Unit.Notifications;

public sealed class OwedAlertsTests
{
    [Fact]
    public void Acknowledgements_in_any_order_never_pass_over_an_alert_that_is_open()
    {
        var owed = new OwedAlerts();
        owed.Reset(10);
        foreach (var sequence in new long[] { 12, 15, 15, 19 })
        {
            owed.Owe(sequence);
        }

        Assert.Equal([11, 11, 14, 19], new long[] { 19, 15, 12, 15 }.Select(sequence =>
        {
            owed.Acknowledge(sequence);
            return owed.Acknowledged;
        }));
    }

    [Fact]
    public void An_acknowledgement_of_what_nobody_owes_changes_nothing()
    {
        var owed = new OwedAlerts();
        owed.Reset(10);
        Assert.False(owed.Acknowledge(99));
        Assert.Equal(10, owed.Acknowledged);
    }
}
