using OpenTelemetry.Exporter;

namespace Svom.Hosting;

public sealed class TelemetrySettingsTests
{
    [Theory]
    [InlineData("", true), InlineData("http://127.0.0.1:4317", true), InlineData("https://collector.example:4318", true)]
    [InlineData("collector:4317", false), InlineData("ftp://collector", false), InlineData("/var/run/otlp", false), InlineData("yes", false)]
    public void A_collector_is_an_http_address_or_none(string address, bool taken)
    {
        var valid = new TelemetryOptionsValidator().Validate(null, new() { Otlp = address });
        Assert.Equal(taken, valid.Succeeded);
        Assert.Equal(!taken, valid.FailureMessage?.Contains("Svom:Telemetry:Otlp", StringComparison.Ordinal) is true);
    }

    [Fact]
    public void A_protocol_is_one_of_two() =>
        Assert.True(new TelemetryOptionsValidator().Validate(null, new() { OtlpProtocol = (OtlpExportProtocol)7 }).Failed);
}
