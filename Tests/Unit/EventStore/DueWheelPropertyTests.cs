using CsCheck;

namespace Svom.EventStore;

/// <summary>Any order of commits, scans and time: what is woken is what stood there last, at its time.</summary>
public sealed class DueWheelPropertyTests
{
    private const double Window = 10;
    private static readonly Gen<(int Kind, int Stream, int Name, int Ahead)> Steps =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[1, 20]);

    [Fact]
    public async Task Every_wake_up_is_the_last_word_about_its_name_and_comes_at_its_time() =>
        await Steps.List[1, 60].SampleAsync(async steps =>
        {
            using var streams = new WokenStreams();
            var model = new Dictionary<(string, string), double>();
            var now = 0.0;
            foreach (var (kind, stream, name, ahead) in steps)
            {
                var key = ($"burst/{stream}", $"name-{name}");
                switch (kind)
                {
                    case < 5:
                        streams.Commit(key.Item1, key.Item2, now + ahead, Window);
                        model[key] = now + ahead;
                        break;
                    case 5:
                        streams.Commit(key.Item1, key.Item2, null);
                        model.Remove(key);
                        break;
                    case < 8:
                        streams.Scan([.. model.Where(row => row.Value <= now + Window).Select(static row => WokenStreams.Row(row.Key.Item1, row.Key.Item2, row.Value))]);
                        break;
                    default:
                        // No further than what the window and the scans are good for.
                        streams.Scan([.. model.Where(row => row.Value <= now + Window).Select(static row => WokenStreams.Row(row.Key.Item1, row.Key.Item2, row.Value))]);
                        var until = now + Math.Min(ahead, Window);
                        foreach (var due in model.Where(row => row.Value <= until).GroupBy(static row => row.Value).OrderBy(static group => group.Key))
                        {
                            streams.GoTo(due.Key);
                            var woken = await streams.NextAsync(due.Count());
                            Assert.All(woken, one => Assert.Equal(WokenStreams.Noon.AddSeconds(due.Key), one.Row.At));
                            Assert.Equal(due.Select(static row => row.Key).Order(), woken.Select(static one => (one.Row.Stream.Value, one.Row.Name)).Order());
                            Array.ForEach([.. due.Select(static row => row.Key)], gone => model.Remove(gone));
                        }

                        now = until;
                        streams.GoTo(now);
                        break;
                }
            }

            Assert.InRange(streams.Wheel.Waiting, 0, model.Count(row => row.Value <= now + Window));
        }, iter: 300);
}
