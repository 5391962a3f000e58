namespace Svom.Hosting;

/// <summary>Turns reasons not to start into one sentence on the error stream.</summary>
internal static class Start
{
    /// <summary>Exit code of a start that was refused for a stated reason.</summary>
    public const int Refused = 2;

    public static async Task<int> GuardedAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (CannotStartException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return Refused;
        }
    }

    /// <summary>Settings given as <c>--Svom:Section:Name value</c> or <c>--Svom:Section:Name=value</c>; anything else is refused by name.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings(IReadOnlyList<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (!token.StartsWith("--Svom:", StringComparison.OrdinalIgnoreCase))
            {
                throw new CannotStartException($"'{token}' is no option or setting; settings look like --Svom:Ports:Http 8080.");
            }

            var equals = token.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                yield return new(token[2..equals], token[(equals + 1)..]);
            }
            else if (i + 1 < tokens.Count && !tokens[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                yield return new(token[2..], tokens[++i]);
            }
            else
            {
                throw new CannotStartException($"Setting '{token[2..]}' has no value.");
            }
        }
    }
}
