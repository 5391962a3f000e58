using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Svom.Products;

public sealed class ContentAddressTests
{
    private static readonly Gen<byte[]> Digests = Gen.Byte.Array[32];

    [Fact] // Property: over digests drawn at random.
    public void Every_address_reads_back_as_written() => Digests.Sample(digest =>
    {
        var address = ContentAddress.FromSha256(digest);
        return ContentAddress.TryParse(address.ToString(), out var read) && read == address && read.ToSha256().SequenceEqual(digest)
            && address.ToString() == Convert.ToHexStringLower(digest);
    });

    [Theory]
    [InlineData(null), InlineData(""), InlineData("ab"), InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85"), InlineData("../3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85"), InlineData("+3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555")]
    public void One_content_has_one_spelling(string? text) => Assert.False(ContentAddress.TryParse(text, out _));

    [Fact]
    public void A_digest_of_another_length_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentException>(() => ContentAddress.FromSha256(new byte[31]));

    [Fact]
    public void An_address_crosses_processes()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        Digests.Sample(digest => serializer.Deserialize<ContentAddress>(serializer.SerializeToArray(ContentAddress.FromSha256(digest))) == ContentAddress.FromSha256(digest), threads: 1);
    }
}
