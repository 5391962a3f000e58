namespace Svom.EventStore;

/// <summary>Commits that fail, and commits of which nobody hears.</summary>
public abstract partial class EventStoreSuite
{
    [Fact]
    public async Task Only_the_append_that_cannot_be_written_fails()
    {
        var appends = Enumerable.Range(0, 33).Select(n => Next($"s{n}", 0) with { Archive = [Entry($"{n}")] }).ToArray();
        Faults.Poison = appends[13].Id;
        var held = Faults.Hold();
        var first = AppendAsync(Next("first", 0));
        await held;
        var queued = appends.Select(AppendAsync).ToArray();
        Faults.Release();
        await first;

        await Assert.ThrowsAsync<AppendUncertainException>(() => queued[13]);
        var others = await Task.WhenAll(queued.Where((_, n) => n != 13));
        Assert.Equal(Enumerable.Range(1, 32).Select(n => (long)n), others.Select(result => result.Archived[0]));
        Assert.Equal(0, await HeadAsync(Store, "s13"));

        Faults.Poison = null;
        Assert.Equal([33L], (await AppendAsync(appends[13])).Archived);
    }

    [Fact]
    public async Task An_append_whose_answer_was_lost_is_found_by_its_id()
    {
        await AppendAsync(Next("a", 0) with { Archive = [Entry("0")] });
        Faults.LoseAnswers(1);
        var append = Next("a", 1) with { Archive = [Entry("1"), Entry("2")], Claims = [new("s", "k")], Owed = [Owe("x")] };
        await Assert.ThrowsAsync<AppendUncertainException>(() => AppendAsync(append));

        Assert.Equal(append.Id, (await Store.LoadAsync(Stream("a"), None)).Rows[^1].AppendId);
        var again = await AppendAsync(append);
        Assert.Equal((AppendOutcome.Landed, 2L), (again.Outcome, again.Head));
        Assert.Equal([2L, 3], again.Archived);
        Assert.Single(await Store.OwedAsync(0, 1024, 10, None));

        // Also when others have gone on meanwhile.
        await AppendAsync(Next("a", 2));
        Assert.Equal(2, (await AppendAsync(append)).Head);
        Assert.Equal(3, await HeadAsync(Store, "a"));
    }

    [Fact]
    public async Task A_commit_that_fails_leaves_nothing_and_can_be_repeated()
    {
        Faults.FailCommits(1);
        var append = Next("a", 0) with { Archive = [Entry("1")], Owed = [Owe("x")], Claims = [new("s", "k")] };
        await Assert.ThrowsAsync<AppendUncertainException>(() => AppendAsync(append));
        Assert.Equal(0, await HeadAsync(Store, "a"));
        Assert.Empty(await Store.OwedAsync(0, 1024, 10, None));
        Assert.Equal([1L], (await AppendAsync(append)).Archived);
    }

    [Fact]
    public async Task A_batch_that_fails_once_lands_in_halves()
    {
        var held = Faults.Hold();
        var first = AppendAsync(Next("first", 0));
        await held;
        var queued = Enumerable.Range(0, 10).Select(n => AppendAsync(Next("a", n) with { Archive = [Entry($"{n}")] })).ToArray();
        Faults.FailCommits(2); // The first goes to the append in hand, the second to the ten as one batch.
        Faults.Release();
        await Assert.ThrowsAsync<AppendUncertainException>(() => first);
        var results = await Task.WhenAll(queued);
        Assert.Equal(Enumerable.Range(1, 10).Select(n => (long)n), results.Select(result => result.Head));
        Assert.Equal(Enumerable.Range(1, 10).Select(n => (long)n), results.Select(result => result.Archived[0]));
    }

    [Fact]
    public async Task A_failed_append_takes_the_rest_of_its_pipeline_along()
    {
        var pipeline = Enumerable.Range(0, 8).Select(n => Next("a", n)).ToArray();
        Faults.Poison = pipeline[3].Id;
        var held = Faults.Hold();
        var first = AppendAsync(Next("first", 0));
        await held;
        var queued = pipeline.Select(AppendAsync).ToArray();
        Faults.Release();
        await first;
        await Assert.ThrowsAsync<AppendUncertainException>(() => queued[3]);
        Assert.All(await Task.WhenAll(queued[..3]), result => Assert.True(result.Landed));
        Assert.All(await Task.WhenAll(queued[4..]), result => Assert.Equal(AppendOutcome.StaleHead, result.Outcome));
        Assert.Equal(3, await HeadAsync(Store, "a"));
    }
}
