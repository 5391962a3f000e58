namespace Svom.Demo;

/// <summary>Messages of several packets: each value that is here is the one that was sent, and each that is not has its part missing.</summary>
internal static class MessageComparison
{
    public static IEnumerable<RunFinding> Compare(BurstPair pair)
    {
        foreach (var message in pair.Rough.SelectMany(static burst => burst.Messages))
        {
            if (pair.Perfect.Messages.FirstOrDefault(known => known.Name == message.Name) is not { } whole)
            {
                yield return pair.Find(Judgement.Wrong, $"{message.Name} was never sent");
                continue;
            }

            foreach (var (path, now) in message.Values)
            {
                if (whole.Values.GetValueOrDefault(path) is var was && was != now)
                {
                    yield return pair.Find(Judgement.Wrong, $"{message.Name}: {path} is {now}, not {was ?? "unknown"}");
                }
            }

            var gone = whole.Values.Keys.Except(message.Values.Keys, StringComparer.Ordinal).ToArray();
            if (gone.Length > 0 && message.Missing.Length <= whole.Missing.Length)
            {
                yield return pair.Find(Judgement.Wrong, $"{message.Name}: {gone[0]} is not known, and no part is called missing");
            }
            else if (message.Missing.Length > whole.Missing.Length)
            {
                yield return pair.Find(
                    Judgement.Explained, $"{message.Name} says {message.Values.Count} of {whole.Values.Count} values, all as sent: {message.Missing.Length} of {message.Parts} parts are missing");
            }
        }
    }
}
