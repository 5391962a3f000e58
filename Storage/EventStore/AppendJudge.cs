namespace Svom.EventStore;

/// <summary>What an append is judged by: the store as it is when the append's turn comes, with what its batch wrote before it.</summary>
internal interface IAppendFacts
{
    /// <summary>0 for a stream that does not exist.</summary>
    long Head(string stream);

    /// <summary>Id of a transition; null when there is none of that version.</summary>
    Guid? AppendAt(string stream, long version);

    bool IsClaimed(Claim claim);

    /// <summary>Sequence under which an archive holds the entry's id; null when it does not.</summary>
    long? SequenceOf(ArchiveEntry entry);
}

/// <summary>Which appends are refused, and why: one rule for all stores.</summary>
internal static class AppendJudge
{
    /// <returns>The answer to an append that writes nothing; null when it is to be written.</returns>
    public static AppendResult? Refusal(Append append, long ticket, IAppendFacts facts, StalePipelines stale)
    {
        var (stream, expected) = (append.Stream.Value, append.ExpectedVersion);
        var head = facts.Head(stream);
        if (head != expected)
        {
            // The caller of an uncertain append may simply send it again: its own row answers it.
            return head > expected && facts.AppendAt(stream, expected + 1) == append.Id
                ? new(AppendOutcome.Landed, expected + 1, SequencesOf(append, facts))
                : new(AppendOutcome.StaleHead, head, [], $"the head is {head}, not {expected}");
        }

        if (stale.Covers(stream, expected, ticket))
        {
            return new(AppendOutcome.StaleHead, head, [], "an append queued before it was stale");
        }

        if (append.Follows is { } follows && (head == 0 || facts.AppendAt(stream, head) != follows))
        {
            return new(AppendOutcome.StaleHead, head, [], $"transition {head} is not {follows}");
        }

        foreach (var claim in append.Claims)
        {
            if (facts.IsClaimed(claim))
            {
                return new(AppendOutcome.ClaimTaken, 0, [], $"{claim.Scope}/{claim.Key} is taken");
            }
        }

        foreach (var entry in append.Archive)
        {
            if (facts.SequenceOf(entry) is not null)
            {
                return new(AppendOutcome.ClaimTaken, 0, [], $"id {entry.Id} of archive {entry.Archive} is taken");
            }
        }

        return null;
    }

    private static long[] SequencesOf(Append append, IAppendFacts facts) =>
        [.. append.Archive.Select(entry => facts.SequenceOf(entry) ?? throw new InvalidOperationException($"{entry.Id} is not in {entry.Archive}."))];
}
