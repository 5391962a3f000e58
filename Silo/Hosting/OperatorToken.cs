using System.Security.Cryptography;
using System.Text;
using Svom.Access;

namespace Svom.Hosting;

/// <summary>The token of the person who runs the platform: made at the first start and kept in the data folder, mode 0600.</summary>
public sealed class OperatorToken : IOperatorToken
{
    /// <summary>Where the simulator and the examples read it, within the data folder.</summary>
    public const string FileName = "operator.token";

    private const int TokenOctets = 32;

    private OperatorToken(string text, string path) => (Text, FilePath) = (text, path);

    public string Text { get; }

    public string FilePath { get; }

    /// <summary>Reads the token, or makes it. Written beside and moved into place: a crash leaves no half token.</summary>
    public static OperatorToken ReadOrMake(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } known)
        {
            return new(known, path);
        }

        var text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenOctets));
        var draft = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(text + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        return new(text, path);
    }

    /// <summary>Compares in constant time.</summary>
    public bool Matches(string token) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}
