using Grpc.Core;
using Svom.Outcomes;

namespace Svom.Contracts.Gateway;

/// <summary>
/// What no library would send: the five octets before a message lie, or it does not unpack. Whoever framed it is told that, as for every other message that cannot be read; to say
/// that the platform failed would be wrong, and would fill its log for a stranger.
/// </summary>
public sealed class GrpcFramingTests(Door door) : IClassFixture<Door>
{
    private const string Unary = "/svom.v1.PacketService/List";
    private const string Stream = "/svom.v1.PacketService/Ingest";
    private const string Watch = "/svom.v1.NoticeService/Watch";

    public static TheoryData<string, string, string?> Frames
    {
        get
        {
            var frames = new TheoryData<string, string, string?>();
            foreach (var method in (string[])[Unary, Stream, Watch])
            {
                frames.Add(method, "0000000009FF", null); // Ends within the message.
                frames.Add(method, "000000", null); // Ends within the five octets.
                frames.Add(method, "0100000001FF", null); // Packed, but nobody said how.
                frames.Add(method, "0100000001FF", "identity");
                frames.Add(method, "0100000003FFFFFF", "gzip"); // No gzip.
                frames.Add(method, "010000000A1F8B0800000000000003", "gzip"); // Ends within gzip.
            }

            foreach (var method in (string[])[Unary, Watch])
            {
                frames.Add(method, "", null); // No message at all.
                frames.Add(method, "00000000000000000000", null); // One too many.
            }

            return frames;
        }
    }

    [Theory, MemberData(nameof(Frames))]
    public async Task A_message_that_is_framed_wrongly_or_does_not_unpack_is_malformed(string method, string hex, string? encoding)
    {
        var (status, problem) = await SendAsync(method, hex, encoding);
        Assert.Equal((StatusCode.InvalidArgument, ProblemTypes.Malformed.Uri), (status, problem));
    }

    [Theory] // Above what the door takes, and above what a number of the framework holds: there it threw another way.
    [InlineData("007FFFFFFF00")]
    [InlineData("008000000000")]
    [InlineData("00FFFFFFFF00")]
    public async Task A_length_beyond_all_bounds_in_a_stream_is_too_large(string hex)
    {
        var (status, problem) = await SendAsync(Stream, hex, null);
        Assert.Equal((StatusCode.ResourceExhausted, ProblemTypes.TooLarge.Uri), (status, problem));
    }

    [Theory]
    [InlineData("deflate")]
    [InlineData("GZIP")]
    public async Task A_stream_that_is_packed_in_another_way_is_told_which_one_is_taken(string encoding)
    {
        var (status, problem) = await SendAsync(Stream, "0100000001FF", encoding);
        Assert.Equal((StatusCode.Unimplemented, ProblemTypes.UnsupportedMediaType.Uri), (status, problem));
    }

    [Fact]
    public async Task A_request_that_is_no_call_gets_the_problem_of_one_over_HTTP_and_no_status_of_a_call()
    {
        using var http = new HttpClient { BaseAddress = new($"http://{door.Channel.Target}"), DefaultRequestVersion = new(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var content = new StringContent("{}", null, "application/json");
        using var answer = await http.PostAsync(new Uri(Unary, UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal((415, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.False(answer.Headers.Contains("grpc-status"));
    }

    private async Task<(StatusCode Status, string? Problem)> SendAsync(string method, string hex, string? encoding)
    {
        using var http = new HttpClient { BaseAddress = new($"http://{door.Channel.Target}") };
        using var request = new HttpRequestMessage(HttpMethod.Post, method) { Version = new(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(Convert.FromHexString(hex)) };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        request.Headers.Authorization = new("Bearer", Door.OperatorToken);
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (
            (StatusCode)int.Parse(One("grpc-status") ?? "-1", System.Globalization.CultureInfo.InvariantCulture),
            One("svom-problem"));

        string? One(string name) => answer.Headers.TryGetValues(name, out var values) || answer.TrailingHeaders.TryGetValues(name, out values) ? values.Single() : null;
    }
}
