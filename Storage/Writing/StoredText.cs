using System.Text;

namespace Svom.Storage;

/// <summary>What may stand as a name in a store.</summary>
internal static class StoredText
{
    /// <summary>Refuses lone surrogates: two different strings must never become one key.</summary>
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>True when the text can be stored and read back unchanged.</summary>
    public static bool IsText(string text)
    {
        try
        {
            _ = Utf8.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
