using System.Globalization;
using CsCheck;
using Svom.Requests;

namespace Svom.Unit.Gateway;

public sealed class InstantTests
{
    [Fact]
    public void Every_time_reads_back_as_written() =>
        Gen.Long[DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()].Sample(static milliseconds =>
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            return Instant.TryRead(Instant.Write(at), out var read) && read == at && Instant.Write(at).EndsWith('Z');
        });

    [Theory]
    [InlineData("2026-03-01T04:13:22Z", "2026-03-01T04:13:22.000Z")]
    [InlineData("2026-03-01T04:13:22.9999999Z", "2026-03-01T04:13:22.999Z")]
    [InlineData("2026-03-01T04:13:22.5+08:00", "2026-02-28T20:13:22.500Z")]
    [InlineData("2024-02-29T23:59:59.05-01:30", "2024-03-01T01:29:59.050Z")]
    public void A_time_with_zone_is_kept_to_the_millisecond(string text, string written)
    {
        Assert.True(Instant.TryRead(text, out var at));
        Assert.Equal(written, Instant.Write(at));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T04:13Z")]
    [InlineData("2026-03-01T04:13:22")]
    [InlineData("2026-03-01 04:13:22Z")]
    [InlineData("2026-03-01T04:13:22.Z")]
    [InlineData("2026-03-01T04:13:60Z")]
    [InlineData("2026-02-30T04:13:22Z")]
    [InlineData("2026-13-01T04:13:22Z")]
    [InlineData("2026-03-01T24:00:00Z")]
    [InlineData("2026-03-01T04:13:22+0800")]
    [InlineData("2026-03-01T04:13:22 08:00")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("９026-03-01T04:13:22Z")]
    public void Anything_else_is_no_time(string text) => Assert.False(Instant.TryRead(text, out _));

    [Fact]
    public void Text_at_random_is_a_time_only_when_the_framework_agrees() =>
        Gen.Char["0123456789-:.TZ+ "].Array[18, 30].Sample(static letters =>
            !Instant.TryRead(new string(letters), out var at)
            || (DateTimeOffset.TryParse(letters, CultureInfo.InvariantCulture, out var other) && (other - at).Duration() < TimeSpan.FromMilliseconds(1)));
}
