using System.Net;

namespace Svom.EndToEnd.Bursts;

/// <summary>What does not exist is "not found", however many ask for it at once: its grain leaves, and must not take those with it who asked meanwhile.</summary>
[Collection(PlatformCollection.Name)]
public sealed class UnknownThingsTests
{
    private const int AtOnce = 64;
    private const int Rounds = 40;

    [Theory]
    [InlineData("GET", "/api/v1/bursts/sb99123101")]
    [InlineData("GET", "/api/v1/bursts/sb99123101/follow-through")]
    [InlineData("GET", "/api/v1/replays/00000000-0000-0000-0000-000000000000")]
    [InlineData("GET", "/api/v1/alarms/never.raised")]
    [InlineData("POST", "/api/v1/alarms/never.raised/acknowledge")]
    public async Task However_many_ask_for_what_does_not_exist_each_is_told_so(string method, string path)
    {
        await using var platform = await PlayedPlatform.StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
            {
                using var request = new HttpRequestMessage(new(method), path) { Content = method == "POST" ? new StringContent("{}", null, "application/json") : null };
                using var answer = await platform.Http.SendAsync(request, TestContext.Current.CancellationToken);
                return answer.StatusCode;
            }));
            Assert.Equal([HttpStatusCode.NotFound], answers.Distinct());
        }
    }
}
