using Microsoft.AspNetCore.Http;
using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Unit.Gateway;

public sealed class RequestBodyTests
{
    [Fact] // Sent in chunks a body says nothing of its length.
    public async Task A_body_without_an_end_is_refused_once_it_has_passed_the_limit()
    {
        const int Most = 300_000;
        using var body = new RequestBody();
        var endless = new Endless();
        var problem = await body.FillAsync(new DefaultHttpContext { Request = { Body = endless } }.Request, Most, TestContext.Current.CancellationToken);
        Assert.Equal(ProblemTypes.TooLarge, problem!.Kind);
        Assert.InRange(endless.Given, Most + 1, 2 * Most);
    }

    [Theory]
    [InlineData(65_536, 16_777_216, 131_072)]
    [InlineData(65_536, 100_000, 100_001)]
    [InlineData(1 << 30, 1 << 30, (1 << 30) + 1)] // Twice of it is no number of octets any more.
    public void Room_grows_to_what_shows_that_the_limit_is_passed_and_no_further(int room, int most, int larger) => Assert.Equal(larger, RequestBody.Larger(room, most));

    private sealed class Endless : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Given += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Given += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
