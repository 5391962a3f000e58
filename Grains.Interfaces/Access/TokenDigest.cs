using System.Security.Cryptography;
using System.Text;

namespace Svom.Access;

/// <summary>What is kept of a token in its place: it tells two tokens apart and opens nothing.</summary>
public static class TokenDigest
{
    /// <summary>SHA-256 in lower-case hex. A token has 256 random bits, so a plain digest suffices: there is nothing to guess.</summary>
    public static string Of(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
