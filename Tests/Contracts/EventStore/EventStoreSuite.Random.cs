using System.Globalization;
using System.Text;
using CsCheck;

namespace Svom.EventStore;

/// <summary>Interleavings drawn at random, compared with a model.</summary>
public abstract partial class EventStoreSuite
{
    private static readonly Gen<DueChange> Dues = Gen.Select(Gen.Int[0, 2], Gen.Int[-1, 5], static (name, minute) =>
        new DueChange($"d{name}", minute < 0 ? null : Noon.AddMinutes(minute)));

    private static readonly Gen<IndexChange> Indexes = Gen.Select(Gen.Int[0, 2], Gen.Int[-1, 5], static (key, value) =>
        new IndexChange("i", $"k{key}", value < 0 ? default(ReadOnlyMemory<byte>?) : Octets($"{value}")));

    /// <summary>An append whose expectation is off by so many versions from the head that its round began with; null sends a known one again.</summary>
    private static readonly Gen<Drawn> Draws = Gen.Select(
        Gen.Int[0, 3], Gen.Frequency((8, Gen.Int[0, 2]), (2, Gen.Int[-2, 3])), Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 2], Dues.Array[0, 2], Indexes.Array[0, 2],
        static (stream, off, claim, entry, owed, due, index) => new Drawn(stream, off, claim, entry, owed, due, index));

    private static readonly Gen<Round> Rounds = Gen.Select(Draws.Array[1, 6], Gen.Int[0, 9], Gen.Int[0, 3], static (draws, act, settle) => new Round(draws, act, settle));

    [Fact]
    public async Task Whatever_is_sent_in_whatever_order_the_store_is_what_the_model_is()
    {
        // The seed of a failing case stands in the failure's message.
        var test = 0;
        await Rounds.Array[1, 12].SampleAsync(
            async rounds =>
            {
                var run = $"{Interlocked.Increment(ref test)}-{Guid.NewGuid():N}";
                var model = new EventStoreModel();
                var sent = new List<Append>();
                foreach (var round in rounds)
                {
                    await PlayAsync(run, round, model, sent);
                }

                await CompareAsync(run, model);
            },
            iter: 150,
            threads: 1);
    }

    private async Task PlayAsync(string run, Round round, EventStoreModel model, List<Append> sent)
    {
        var appends = round.Draws.Select(draw => draw.ToAppend(run, model)).ToArray();
        if (round.Act == 0 && sent.Count > 0)
        {
            appends[0] = sent[round.Settle % sent.Count]; // Sent again, as after an uncertain commit.
        }

        sent.AddRange(appends);
        var results = await TogetherAsync(appends);
        Assert.Equal(model.Take(appends), results.Select(result => result.Outcome));

        var settled = model.Owed.Take(round.Settle).ToArray();
        await Store.SettleAsync(settled, None);
        model.Owed.RemoveRange(0, settled.Length);
        if (round.Act == 1)
        {
            await ReopenAsync();
        }
    }

    private async Task CompareAsync(string run, EventStoreModel model)
    {
        for (var stream = 0; stream < 4; stream++)
        {
            var name = Drawn.Name(run, stream);
            Assert.Equal(model.Stream(name).Select(append => append.Id), (await Store.ReadAsync(new(name), 0, 1000, None)).Select(row => row.AppendId));
        }

        var owed = (await Store.OwedAsync(0, 1024, 10_000, None)).Where(row => row.Stream.Value.StartsWith(run, StringComparison.Ordinal)).ToArray();
        Assert.Equal(model.Owed.Select(row => (row.Stream, row.Version, row.N)), owed.Select(row => (row.Stream, row.Version, row.N)));
        await Store.SettleAsync(owed, None);

        var archive = await Store.ArchiveAsync(run, 0, 1000, None);
        Assert.Equal(model.Archive.Select(entry => entry.Id), archive.Select(entry => entry.Entry.Id));
        Assert.Equal(Enumerable.Range(1, archive.Count).Select(n => (long)n), archive.Select(entry => entry.Sequence));

        var due = (await Store.DueAsync(0, 1024, Noon.AddDays(1), 10_000, None)).Where(row => row.Stream.Value.StartsWith(run, StringComparison.Ordinal));
        Assert.Equal(model.Due.Select(one => (one.Key, one.Value)), due.Select(row => ((row.Stream.Value, row.Name), row.At)).Order());

        var index = await Store.IndexAsync(run, "", "z", 1000, false, None);
        Assert.Equal(
            model.Index.Select(one => (one.Key, one.Value)), index.Select(row => ((row.Key, row.Stream.Value), Encoding.UTF8.GetString(row.Value.Span))).Order());
    }

    private sealed record Drawn(int Stream, int Off, int Claim, int Entry, int Owed, DueChange[] Due, IndexChange[] Index)
    {
        public static string Name(string run, int stream) => string.Create(CultureInfo.InvariantCulture, $"{run}/{stream}");

        public Append ToAppend(string run, EventStoreModel model)
        {
            var name = Name(run, Stream);
            return new(Guid.NewGuid(), new(name), Math.Max(0, model.Stream(name).Count + Off), Octets(name))
            {
                Claims = Claim < 8 ? [new(run, $"{Claim}")] : [],
                Archive = Entry < 8 ? [new(run, $"{Entry}", "o", "k", Noon, Octets("c"))] : [],
                Owed = [.. Enumerable.Range(0, Owed).Select(n => Owe($"{n}"))],
                Due = Due,
                Index = [.. Index.Select(change => change with { Index = run })],
            };
        }
    }

    private sealed record Round(Drawn[] Draws, int Act, int Settle);
}
