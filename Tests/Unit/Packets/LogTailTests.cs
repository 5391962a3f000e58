using System.Collections.Immutable;

namespace Svom.Packets;

public sealed class LogTailTests
{
    private static readonly FeedId Live = new("svom");
    private static readonly FeedId Drill = new("svom", "drill");
    private readonly LogTail tail = new(limit: 10);

    [Fact]
    public void A_reader_at_the_end_gets_what_came_since()
    {
        Add(Live, 0, 3, 1, 3);
        Add(Live, 3, 4, 4);
        Assert.Equal((long[])[3, 4], (IEnumerable<long>?)Read(Live, after: 1, head: 4));
        Assert.Equal((long[])[], (IEnumerable<long>?)Read(Live, after: 4, head: 4));
    }

    [Fact]
    public void A_reader_farther_back_is_sent_to_the_file()
    {
        Add(Live, 7, 9, 8);
        Assert.Null(Read(Live, after: 6, head: 9));
        Assert.Null(Read(Drill, after: 0, head: 1));
    }

    [Fact] // A commit of which nobody knew whether it landed: its packets never passed here.
    public void What_landed_without_being_told_sends_readers_to_the_file_until_they_are_past_it()
    {
        Add(Live, 0, 2, 1, 2);
        Assert.Null(Read(Live, after: 0, head: 5));
        Add(Live, 5, 6, 6);
        Assert.Null(Read(Live, after: 2, head: 6));
        Assert.Equal((long[])[6], (IEnumerable<long>?)Read(Live, after: 5, head: 6));
    }

    [Fact]
    public void What_is_no_longer_true_is_not_given_out()
    {
        Add(Live, 0, 2, 1, 2);
        tail.Distrust(Live);
        Assert.Null(Read(Live, after: 1, head: 2));
        Add(Live, 2, 3, 3);
        Assert.Equal((long[])[3], (IEnumerable<long>?)Read(Live, after: 2, head: 3));
    }

    [Fact]
    public void A_thousand_feeds_hold_no_more_than_one()
    {
        for (var n = 1; n <= 1_000; n++)
        {
            Add(new("svom", $"s{n}"), 0, 1, 1);
            Add(Live, n - 1, n);
        }

        var held = Enumerable.Range(1, 1_000).Count(n => Read(new("svom", $"s{n}"), after: 0, head: 1) is not null);
        Assert.InRange(held, 1, 5);
        Assert.Equal((long[])[], (IEnumerable<long>?)Read(Live, after: 999, head: 1_000));
    }

    [Fact]
    public void A_commit_larger_than_the_room_is_left_to_the_file()
    {
        Add(Live, 0, 20, [.. Enumerable.Range(1, 20)]);
        Assert.Null(Read(Live, after: 0, head: 20));
        Add(Live, 20, 21, 21);
        Assert.Equal((long[])[21], (IEnumerable<long>?)Read(Live, after: 20, head: 21));
    }

    private void Add(FeedId feed, long after, long upTo, params int[] positions) => tail.Add(feed, after, upTo, [.. positions.Select(position => At(position))]);

    private long[]? Read(FeedId feed, long after, long head) => tail.Read(feed, after, head, 100) is { } slice ? [.. slice.Items.Select(static one => one.Position)] : null;

    private static LoggedReception At(long position) =>
        new(position, "kourou", DateTimeOffset.UnixEpoch, null, ReceptionVerdict.Valid, default, default(PacketHeader), true, false, DateTimeOffset.UnixEpoch, ImmutableArray<byte>.Empty.AsMemory());
}
