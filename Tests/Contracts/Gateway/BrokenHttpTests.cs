using System.Text;
using System.Text.Json.Nodes;
using Svom.Outcomes;
using Svom.Support.Hostile;

namespace Svom.Contracts.Gateway;

/// <summary>Requests that no client library would send.</summary>
public sealed class BrokenHttpTests(Door door) : IClassFixture<Door>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory] // The last two are longer than a number of the server holds, which it tells otherwise than what is no number at all.
    [InlineData("xyz")]
    [InlineData("80000000")]
    [InlineData("FFFFFFFFFFFFFFFF")]
    public async Task A_chunk_that_cannot_be_is_malformed_and_no_fault_of_the_platform(string size)
    {
        using var wire = new HttpWire(door.Client.BaseAddress!.Port, Patience);
        var answer = await wire.AskAsync(
            Encoding.ASCII.GetBytes($"POST /api/v1/packets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {Door.OperatorToken}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n[]\r\n0\r\n\r\n"),
            ends: false, TestContext.Current.CancellationToken);
        Assert.Equal((400, ProblemTypes.Malformed.Uri), (answer.Status, JsonNode.Parse(answer.Body)!["type"]!.GetValue<string>()));
    }
}
