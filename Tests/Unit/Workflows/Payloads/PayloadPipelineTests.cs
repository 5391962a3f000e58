using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Options;
using Svom.Products;

namespace Svom.Workflows;

/// <summary>The way of payloads from code to what is kept and back.</summary>
public sealed class PayloadPipelineTests
{
    private const int Large = 2_048;
    private const string Secret = "Coordinates of the counterpart";

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Key = SHA256.HashData("key"u8);

    private readonly MemoryContentStore _store = new();

    public static TheoryData<string, int> Ways
    {
        get
        {
            var ways = new TheoryData<string, int>();
            foreach (var codec in (string[])["none", "encryption", "compression"])
            {
                ways.Add(codec, 10);
                ways.Add(codec, Large);
                ways.Add(codec, 100_000);
            }

            return ways;
        }
    }

    public static IEnumerable<object> EveryKind(int octets) => typeof(Payload).Assembly.GetTypes()
        .Where(static type => !type.IsAbstract && (typeof(EventAttributes).IsAssignableFrom(type) || typeof(Command).IsAssignableFrom(type) || typeof(WorkflowInput).IsAssignableFrom(type)
            || typeof(UpdateMessage).IsAssignableFrom(type) || typeof(TaskOutcome).IsAssignableFrom(type) || typeof(Failure).IsAssignableFrom(type) || type == typeof(HistoryEvent)
            || type == typeof(TaskNews) || type == typeof(TaskTurn) || type == typeof(QueryAnswer) || type == typeof(LocalStep) || type == typeof(StartRequest)))
        .Select(type => InventedValues.Of(type, octets));

    [Theory, MemberData(nameof(Ways))]
    public async Task Every_value_comes_back_as_it_went(string codec, int octets)
    {
        var pipeline = Pipeline(codec);
        foreach (var value in EveryKind(octets))
        {
            var kept = await pipeline.OutgoingAsync(value, None);
            var back = await pipeline.IncomingAsync(kept, None);
            InventedValues.AssertSame(value, back);
            Assert.All(InventedValues.Payloads(kept), one => Assert.True(one.Payload.Size <= Large || one.Path.Contains(".SearchAttributes", StringComparison.Ordinal), one.Path));
        }

        Assert.Equal(codec is not "compression" && octets >= Large, !_store.Contents.IsEmpty);
    }

    [Fact]
    public async Task Small_payloads_without_a_codec_cost_nothing()
    {
        var pipeline = Pipeline("none");
        foreach (var value in EveryKind(octets: 100))
        {
            Assert.Same(value, await pipeline.OutgoingAsync(value, None));
            Assert.Same(value, await pipeline.IncomingAsync(value, None));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var done = InventedValues.IsDone(pipeline.OutgoingAsync(value, None)) && InventedValues.IsDone(pipeline.IncomingAsync(value, None));
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
            Assert.True(done);
        }

        Assert.Empty(_store.Contents);
    }

    [Theory]
    [InlineData("none", 1), InlineData("encryption", 2), InlineData("compression", 3)]
    public Task Payloads_alone_and_headers_alone_come_back_too(string codec, int seed)
    {
        var pipeline = Pipeline(codec);
        return Gen.Select(Gen.String, Gen.Byte.Array[0, 5_000], Gen.Byte.Array[0, 30], static (name, data, value) =>
            new Payload(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add(Text(name), value).Add(Text(name) + ".", "x"u8.ToArray()), data)).Array[0, 5].SampleAsync(
            async payloads =>
            {
                var array = await pipeline.IncomingAsync(await pipeline.OutgoingAsync([.. payloads], None), None);
                Assert.Equal(payloads, array);
                var headers = payloads.Select(static (payload, n) => (payload, n)).ToImmutableSortedDictionary(static one => $"{one.n}", static one => one.payload);
                Assert.Equal(headers, await pipeline.IncomingAsync(await pipeline.OutgoingAsync(headers, None), None));
            },
            seed: $"000000000000{seed}", iter: 50, threads: 1);
    }

    [Fact]
    public async Task With_encryption_nothing_readable_is_kept()
    {
        var pipeline = Pipeline("encryption");
        var large = new Payload(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("encoding", Encoding.UTF8.GetBytes(Secret)), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Secret, 500))));
        var small = large with { Data = Encoding.UTF8.GetBytes(Secret) };
        var failure = new ApplicationFailure(Secret, "Kind", NonRetryable: false, [small], StackTrace: $"at {Secret}", Cause: new ServerFailure(Secret, NonRetryable: true));
        var kept = await pipeline.OutgoingAsync(new FailWorkflow(failure, new(small, large)), None);

        var stored = InventedValues.Payloads(kept).SelectMany(static one => one.Payload.Metadata.Values.Append(one.Payload.Data)).Concat(_store.Contents.Values).ToArray();
        Assert.NotEmpty(_store.Contents);
        Assert.All(stored, static octets => Assert.True(octets.Span.IndexOf("counterpart"u8) < 0));
        Assert.DoesNotContain("counterpart", kept.ToString(), StringComparison.Ordinal);
        Assert.Equal("Kind", ((ApplicationFailure)kept.Failure).Type);
        InventedValues.AssertSame(failure, (await pipeline.IncomingAsync(kept, None)).Failure);
    }

    [Fact]
    public async Task What_was_kept_before_there_was_a_codec_stays_readable()
    {
        var value = InventedValues.Of<Signal>(10_000);
        var kept = await Pipeline("none").OutgoingAsync(value, None);
        InventedValues.AssertSame(value, await Pipeline("encryption").IncomingAsync(kept, None));
    }

    [Fact]
    public async Task Payloads_of_workers_elsewhere_do_not_pass_the_codec()
    {
        var pipeline = Pipeline("encryption").WithoutCodec;
        var (small, large) = (InventedValues.Of<Signal>(100), InventedValues.Of<Signal>(10_000));
        Assert.Same(small, await pipeline.OutgoingAsync(small, None));
        InventedValues.AssertSame(large, await pipeline.IncomingAsync(await pipeline.OutgoingAsync(large, None), None));
        Assert.Same(pipeline, pipeline.WithoutCodec);
    }

    [Fact]
    public async Task Octets_changed_in_an_encrypted_history_are_noticed()
    {
        var pipeline = Pipeline("encryption");
        var kept = await pipeline.OutgoingAsync(InventedValues.Of<CompleteWorkflow>(10), None);
        var data = kept.Result[0].Data.ToArray();
        data[^1] ^= 1;
        var forged = kept with { Result = [kept.Result[0] with { Data = data }] };
        await Assert.ThrowsAsync<AuthenticationTagMismatchException>(async () => await pipeline.IncomingAsync(forged, None));
    }

    [Fact]
    public async Task A_large_payload_leaves_a_small_reference()
    {
        var payload = InventedValues.Of<Payload>(100_000);
        var kept = await Pipeline("none").OutgoingAsync(payload, None);
        var (address, content) = Assert.Single(_store.Contents);
        Assert.Equal(
            [("encoding", "svom/content"), ("sha256", $"{address}"), ("size", $"{content.Length}")],
            kept.Metadata.Select(static entry => (entry.Key, Encoding.ASCII.GetString(entry.Value.Span))));
        Assert.False(kept.Data.IsEmpty); // An entry of a memo without octets would be taken away.
        Assert.True(kept.Size < 200);
    }

    [Theory]
    [InlineData("none"), InlineData("encryption")]
    public async Task A_reference_from_outside_is_refused_even_if_it_is_true(string codec)
    {
        var kept = await Pipeline("none").OutgoingAsync(InventedValues.Of<Payload>(100_000), None);
        var refused = await Assert.ThrowsAsync<PayloadRefusedException>(async () => await Pipeline(codec).OutgoingAsync(new CompleteWorkflow([kept]), None));
        Assert.Contains("svom/content", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_codec_can_make_no_reference_either() => await Assert.ThrowsAsync<PayloadRefusedException>(
        async () => await new PayloadPipeline(_store, Settings(), new Answering([Reference(new('0', 64), "1")])).OutgoingAsync(InventedValues.Of<Payload>(), None));

    [Theory]
    [InlineData(0), InlineData(2)]
    public async Task A_codec_that_gives_back_another_count_is_refused(int count)
    {
        var pipeline = new PayloadPipeline(_store, Settings(), new Answering([.. Enumerable.Repeat(InventedValues.Of<Payload>(), count)]));
        await Assert.ThrowsAsync<PayloadRefusedException>(async () => await pipeline.OutgoingAsync(InventedValues.Of<Payload>(), None));
        await Assert.ThrowsAsync<PayloadRefusedException>(async () => await pipeline.IncomingAsync(InventedValues.Of<Payload>(), None));
    }

    [Fact]
    public async Task A_kept_reference_that_lies_is_refused_with_the_reason()
    {
        var payload = InventedValues.Of<Payload>(100_000);
        await Pipeline("none").OutgoingAsync(payload, None);
        var (address, content) = Assert.Single(_store.Contents);
        var foreign = await _store.PutAsync("a file, and no payload"u8.ToArray(), None);
        var cut = await _store.PutAsync("SVOM-PAYLOAD\0\u0001\0\0\0\u0001\0\0"u8.ToArray(), None);
        var endless = await _store.PutAsync("SVOM-PAYLOAD\0\u0001\u007F\u007F\u007F\u007F"u8.ToArray(), None);
        var nested = await _store.PutAsync(PayloadContent.Write(Reference($"{address}", $"{content.Length}")), None);

        foreach (var (reference, reason) in (IEnumerable<(Payload, string)>)
        [
            (Reference(new('0', 64), "10"), "does not have"),
            (Reference($"{address}", $"{content.Length + 1}"), "octets; it has"),
            (Reference($"{address}", "9223372036854775807"), "octets; it has"),
            (Reference($"{address}", "-1"), "not in the form"),
            (Reference($"{address}", "1 "), "not in the form"),
            (Reference($"{address}"[1..], "1"), "not in the form"),
            (Reference($"{address}".ToUpperInvariant(), $"{content.Length}"), "not in the form"),
            (Reference("../../../../etc/passwd", "1"), "not in the form"),
            (Reference($"{address}", $"{content.Length}") with { Data = "more"u8.ToArray() }, "not in the form"),
            (Reference($"{foreign}", $"{_store.Contents[foreign].Length}"), "holds no payload"),
            (Reference($"{cut}", $"{_store.Contents[cut].Length}"), "holds no payload"),
            (Reference($"{endless}", $"{_store.Contents[endless].Length}"), "holds no payload"),
            (Reference($"{nested}", $"{_store.Contents[nested].Length}"), "reference itself"),
        ])
        {
            var refused = await Assert.ThrowsAsync<PayloadRefusedException>(async () => await Pipeline("none").IncomingAsync(new CompleteWorkflow([reference]), None));
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(payload, await Pipeline("none").IncomingAsync(Reference($"{address}", $"{content.Length}"), None));
    }

    [Fact] // Property: whatever octets a content has, reading it as a payload ends in an answer.
    public void Any_octets_are_a_payload_or_are_not() => Gen.Byte.Array[0, 60].Sample(octets =>
    {
        byte[] content = [.. "SVOM-PAYLOAD\0\u0001"u8, .. octets];
        return !PayloadContent.TryRead(content, out var payload) || PayloadContent.TryRead(PayloadContent.Write(payload), out var again) && again.Equals(payload);
    });

    private PayloadPipeline Pipeline(string codec) => new(_store, Settings(), codec switch
    {
        "encryption" => new EncryptionCodec(Key),
        "compression" => new CompressionCodec(),
        _ => null,
    });

    private static IOptions<WorkflowEngineOptions> Settings() => Options.Create(new WorkflowEngineOptions { LargePayload = Large });

    // A name that a text file could hold: lone surrogates are no metadata.
    private static string Text(string drawn) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(drawn));

    private static Payload Reference(string sha256, string size) => new(
        ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("encoding", "svom/content"u8.ToArray())
            .Add("sha256", Encoding.ASCII.GetBytes(sha256)).Add("size", Encoding.ASCII.GetBytes(size)),
        "svom/content"u8.ToArray());

    private sealed class Answering(ImmutableArray<Payload> answer) : IPayloadCodec
    {
        public ValueTask<ImmutableArray<Payload>> EncodeAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) => new(answer);

        public ValueTask<ImmutableArray<Payload>> DecodeAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) => new(answer);
    }
}
