using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Svom.Workflows;

/// <summary>Payloads in JSON, by hand: the form of before, and everything that was readable before.</summary>
public sealed class PayloadConverterTests
{
    private static JsonTypeInfo<Payload> Type => WorkflowJson.Default.Payload;

    // Without the converters: as the serializer itself would write payloads.
    private static readonly JsonSerializerOptions Generated = new(JsonSerializerOptions.Default) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true };

    public static TheoryData<string> Payloads => [.. All.Keys];

    private static Dictionary<string, Payload> All => new(StringComparer.Ordinal)
    {
        ["json"] = JsonPayloadConverter.Default.ToPayload(new { Text = "✓ <\"&> +/=" }),
        ["octets"] = JsonPayloadConverter.Default.ToPayload(new byte[] { 0, 62, 251, 255 }),
        ["null"] = JsonPayloadConverter.Default.ToPayload(null),
        ["nothing"] = new(PayloadMetadata.None, default),
        ["an encoding of its own"] = Ask.Payload("octets"),
        ["several metadata"] = new(PayloadMetadata.Json.Add("codec", new byte[] { 1 }).Add("✓ <\"&>", default), new byte[] { 7 }),
    };

    [Theory, MemberData(nameof(Payloads))]
    public void A_payload_is_written_as_it_always_was_and_reads_back(string name)
    {
        var payload = All[name];
        var written = JsonSerializer.Serialize(payload, Type);
        Assert.Equal(JsonSerializer.Serialize(payload, Generated), written);
        Assert.Equal(payload, JsonSerializer.Deserialize(written, Type));
        ImmutableArray<Payload> twice = [payload, payload];
        Assert.Equal(JsonSerializer.Serialize(twice, Generated), JsonSerializer.Serialize(twice, WorkflowJson.Default.ImmutableArrayPayload));
    }

    [Theory]
    [InlineData("""{"data":"MQ==","metadata":{"encoding":"anNvbi9wbGFpbg=="}}""")]
    [InlineData("""{ "later" : [{"x":{}}], "metadata":{"encoding":"anNvbi9wbGFpbg=="} , "data":"MQ==", "later2":null}""")]
    [InlineData("""{"metadata":{"\u0065ncoding":"\u0061nNvbi9wbGFpbg=="},"d\u0061ta":"MQ=="}""")]
    [InlineData("""{"metadata":{"encoding":"AAAA"},"metadata":{"encoding":"AAAA","encoding":"anNvbi9wbGFpbg=="},"data":"AAAA","data":"MQ=="}""")]
    public void Order_and_unknown_members_do_not_matter_and_of_equal_names_the_last_one_counts(string json) =>
        Assert.Equal(JsonPayloadConverter.Default.ToPayload(1), JsonSerializer.Deserialize(json, Type));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":{}}""")]
    [InlineData("""{"metadata":null,"data":null}""")]
    public void What_is_missing_is_empty(string json) => Assert.Equal(All["nothing"], JsonSerializer.Deserialize(json, Type));

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"metadata":[]}""")]
    [InlineData("""{"metadata":{"encoding":7}}""")]
    [InlineData("""{"metadata":{"encoding":"not base64!"}}""")]
    [InlineData("""{"metadata":{"encoding":{}}}""")]
    [InlineData("""{"data":"MQ"}""")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":"MQ==" """)]
    public void What_is_no_payload_is_refused(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, Type));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize($"[{json}]", WorkflowJson.Default.ImmutableArrayPayload));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[7]")]
    [InlineData("[[]]")]
    [InlineData("[{}")]
    public void What_is_no_list_of_payloads_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, WorkflowJson.Default.ImmutableArrayPayload));

    [Fact]
    public void Payloads_that_say_the_same_of_themselves_share_the_words()
    {
        var read = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes([All["json"], All["octets"], All["null"]], WorkflowJson.Default.ImmutableArrayPayload), WorkflowJson.Default.ImmutableArrayPayload);
        Assert.Same(PayloadMetadata.Json, read[0].Metadata);
        Assert.Same(PayloadMetadata.Plain, read[1].Metadata);
        Assert.Same(PayloadMetadata.Null, read[2].Metadata);
    }

    [Theory, MemberData(nameof(Payloads))]
    public void Its_size_is_that_of_all_it_holds(string name)
    {
        var payload = All[name];
        Assert.Equal(payload.Data.Length + payload.Metadata.Sum(static entry => entry.Key.Length + entry.Value.Length), payload.Size);
    }
}
