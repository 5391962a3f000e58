using System.Text;

namespace Svom.Crash;

/// <summary>One run of an attempt's code.</summary>
/// <param name="Key">The attempt's idempotency key.</param>
internal sealed record Effect(string WorkflowId, string Activity, string Key, int Attempt);

/// <summary>Effects, a line each. What was written survives the death of the process, though not that of the machine.</summary>
internal sealed class EffectFile(string path) : IDisposable
{
    private const string Tokens = ".tokens";

    private readonly FileStream file = new($"{path}.{Environment.ProcessId}", FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    private readonly Lock gate = new();

    public void Write(string workflowId, string activity, string key, int attempt)
    {
        var line = Encoding.UTF8.GetBytes($"{workflowId}\t{activity}\t{key}\t{attempt}\n");
        lock (gate)
        {
            file.Write(line);
        }
    }

    /// <summary>Keeps a token where another life of the process finds it, as whoever ends an activity from elsewhere does.</summary>
    public void Keep(string workflowId, string activity, byte[] token)
    {
        lock (gate)
        {
            File.AppendAllText(path + Tokens, $"{workflowId}\t{activity}\t{Convert.ToBase64String(token)}\n");
        }

        Places.Tokens[(workflowId, activity)] = token;
    }

    /// <summary>Tokens of the lives before.</summary>
    public static void ReadTokens(string path)
    {
        foreach (var parts in File.Exists(path + Tokens) ? File.ReadAllLines(path + Tokens).Select(static line => line.Split('\t')) : [])
        {
            Places.Tokens[(parts[0], parts[1])] = Convert.FromBase64String(parts[2]);
        }
    }

    /// <summary>Of all processes that wrote some: each has a file of its own, for two that append to one write over each other.</summary>
    public static Effect[] Read(string path) => [.. Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*").Where(static file => !file.EndsWith(Tokens, StringComparison.Ordinal))
        .SelectMany(ReadLines).Select(static line => line.Split('\t'))
        .Select(static parts => new Effect(parts[0], parts[1], parts[2], int.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture)))];

    public void Dispose() => file.Dispose();

    // The last line may be cut: its attempt was killed while it wrote it, and did nothing else.
    private static string[] ReadLines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
