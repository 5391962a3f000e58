using System.Security.Cryptography;
using CsCheck;
using Svom.Support;

namespace Svom.Products;

/// <summary>What every content store does. An adapter's class only says how to open it over the same data again and again.</summary>
public abstract class ContentStoreSuite : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    private protected WriterFaults Faults { get; } = new();

    protected IContentStore Store { get; private set; } = null!;

    private protected abstract Task<IContentStore> OpenAsync(WriterFaults faults);

    private protected abstract Task CloseAsync(IContentStore store);

    /// <summary>Changes one octet of what is stored, behind the store's back.</summary>
    private protected abstract Task SpoilAsync(ContentAddress address);

    /// <summary>Takes the last octet of what is stored away.</summary>
    private protected abstract Task ShortenAsync(ContentAddress address);

    /// <summary>Octets or rows that belong to no content.</summary>
    private protected abstract Task<long> LeftOversAsync();

    public async ValueTask InitializeAsync() => Store = await OpenAsync(Faults);

    public virtual async ValueTask DisposeAsync()
    {
        Faults.Release();
        if (Store is not null) // Null when the test was skipped.
        {
            await CloseAsync(Store);
        }

        Faults.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task ReopenAsync()
    {
        await CloseAsync(Store);
        Store = await OpenAsync(Faults);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(65_537), InlineData((1 << 20) - 1), InlineData(1 << 20), InlineData((1 << 20) + 1), InlineData((4 << 20) + 7), InlineData(10 << 20)]
    public async Task A_content_reads_back_as_it_was_put(int octets)
    {
        var content = Octets(octets);
        var address = await Store.PutAsync(content, None);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), address.ToString());
        await CheckAsync(address, content);
        await ReopenAsync();
        await CheckAsync(address, content);

        // Put as a stream it is the same.
        Assert.Equal(address, await Store.PutAsync(new MemoryStream(content), None));
        Assert.Equal(0, await LeftOversAsync());
    }

    [Theory]
    [InlineData(0), InlineData(100), InlineData(10 << 20)]
    public async Task A_stream_is_kept_from_where_it_stands_and_left_open(int octets)
    {
        var content = Octets(octets);
        using var stream = new MemoryStream([1, 2, 3, .. content]) { Position = 3 };
        var address = await Store.PutAsync(stream, None);
        Assert.True(stream.CanRead);
        await CheckAsync(address, content);
        Assert.Equal(0, await LeftOversAsync());
    }

    [Fact]
    public async Task What_nobody_put_is_unknown()
    {
        var address = ContentAddress.FromSha256(SHA256.HashData("never"u8));
        Assert.Null(await Store.OpenAsync(address, None));
        Assert.Null(await Store.ReadAsync(address, None));
        Assert.False(await Store.ExistsAsync(address, None));
    }

    [Fact]
    public async Task A_content_put_by_many_at_once_is_there_once()
    {
        var content = Octets(3 << 20);
        var addresses = await Task.WhenAll(Enumerable.Range(0, 16).Select(async n =>
        {
            var address = n % 2 == 0 ? await Store.PutAsync(content, None) : await Store.PutAsync(new MemoryStream(content), None);
            await CheckAsync(address, content); // Whoever was answered finds it, however the others stand.
            return address;
        }));
        Assert.Single(addresses.Distinct());
        Assert.Equal(0, await LeftOversAsync());
    }

    [Fact] // Property: over contents of any size, put in any order by several at once.
    public Task Every_content_has_its_own_name() => Gen.Byte.Array[0, 3_000].Array[1, 12].SampleAsync(
        async contents =>
        {
            var addresses = await Task.WhenAll(contents.Select(content => Store.PutAsync(content, None)));
            for (var n = 0; n < contents.Length; n++)
            {
                await CheckAsync(addresses[n], contents[n]);
            }
        },
        iter: 20, threads: 1);

    [Fact]
    public async Task A_content_is_read_in_small_pieces_and_by_many()
    {
        var content = Octets((2 << 20) + 5);
        var address = await Store.PutAsync(content, None);
        await Task.WhenAll(Enumerable.Range(1, 6).Select(async n =>
        {
            await using var stream = (await Store.OpenAsync(address, None))!;
            Assert.Equal(content.Length, stream.Length);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, n * 4_099, None);
            Assert.Equal(content, copy.ToArray());
            Assert.Equal(content.Length, stream.Position);
        }));
    }

    [Fact]
    public async Task A_reader_who_leaves_early_harms_nobody()
    {
        var content = Octets(3 << 20);
        var address = await Store.PutAsync(content, None);
        await using (var stream = (await Store.OpenAsync(address, None))!)
        {
            await stream.ReadExactlyAsync(new byte[10], None);
        }

        await CheckAsync(address, content);
    }

    [Theory]
    [InlineData(1), InlineData(70_000), InlineData(3 << 20)]
    public async Task Spoiled_octets_are_never_given_out_to_the_end(int octets)
    {
        var address = await Store.PutAsync(Octets(octets), None);
        await SpoilAsync(address);
        Assert.Equal(address, (await Assert.ThrowsAsync<ContentCorruptException>(() => Store.ReadAsync(address, None))).Address);

        await using var stream = (await Store.OpenAsync(address, None))!;
        using var copy = new MemoryStream();
        await Assert.ThrowsAsync<ContentCorruptException>(() => stream.CopyToAsync(copy, None));
        Assert.True(copy.Length < octets);
    }

    [Theory]
    [InlineData(1), InlineData(70_000), InlineData(3 << 20)]
    public async Task A_content_that_lost_its_end_is_refused(int octets)
    {
        var address = await Store.PutAsync(Octets(octets), None);
        await ShortenAsync(address);
        await Assert.ThrowsAsync<ContentCorruptException>(() => Store.ReadAsync(address, None));
    }

    [Fact]
    public async Task A_cancelled_put_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var content = Octets(6 << 20);
        await using var slow = new HaltingStream(content, haltAt: 5 << 20, cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(slow, cancel.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(content, cancel.Token));
        var address = ContentAddress.FromSha256(SHA256.HashData(content));
        Assert.False(await Store.ExistsAsync(address, None));
        Assert.Equal(0, await LeftOversAsync());
        Assert.Equal(address, await Store.PutAsync(content, None));
    }

    [Fact]
    public async Task A_put_whose_stream_breaks_leaves_nothing()
    {
        await using var broken = new HaltingStream(Octets(6 << 20), haltAt: 5 << 20, cancel: null);
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(broken, None));
        Assert.Equal(0, await LeftOversAsync());
    }

    private async Task CheckAsync(ContentAddress address, byte[] content)
    {
        Assert.True(await Store.ExistsAsync(address, None));
        var read = await Store.ReadAsync(address, None);
        Assert.True(read is { } octets && octets.Span.SequenceEqual(content));
    }

    /// <summary>The same octets for the same count, and not the same over and over.</summary>
    private protected static byte[] Octets(int count)
    {
        var octets = new byte[count];
        new Random(count).NextBytes(octets);
        return octets;
    }

    /// <summary>Gives its octets up to a place; there its reader is cancelled, or the stream breaks.</summary>
    private sealed class HaltingStream(byte[] octets, int haltAt, CancellationTokenSource? cancel) : MemoryStream(octets)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= haltAt)
            {
                await (cancel?.CancelAsync() ?? throw new IOException("The sender is gone."));
                cancellationToken.ThrowIfCancellationRequested();
            }

            return await base.ReadAsync(buffer, cancellationToken);
        }

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[bufferSize];
            for (int read; (read = await ReadAsync(buffer, cancellationToken)) > 0;)
            {
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
    }
}
