using Svom.Feeds;

namespace Svom.Unit.Gateway;

public sealed class EventTopicsTests
{
    [Theory]
    [InlineData("notices", "notices")]
    [InlineData("bursts,notices", "notices bursts")]
    [InlineData("test/notices,test/packets/night-drill,packets,sb26042105", "notices bursts packets packets/night-drill")]
    public void Topics_are_read_from_their_feeds(string text, string feeds) =>
        Assert.Equal(feeds, string.Join(' ', EventTopics.Parse([text])!.Feeds));

    [Theory]
    [InlineData("")]
    [InlineData("notices,")]
    [InlineData("Notices")]
    [InlineData("alerts")]
    [InlineData("test/packets")]
    [InlineData("test/packets/")]
    [InlineData("test/packets/a/b")]
    [InlineData("sb1")]
    [InlineData("sb2604210x")]
    public void What_is_no_topic_is_refused(string text) => Assert.Null(EventTopics.Parse([text]));

    [Fact]
    public void Rehearsals_are_told_only_to_those_who_ask_for_them()
    {
        var live = EventTopics.Parse(["notices", "bursts"])!;
        var drills = EventTopics.Parse(["test/notices,test/bursts"])!;
        var one = EventTopics.Parse(["tb26042101"])!;
        Assert.Equal((true, true, false, false), (live.WantsNotice("sb26042105"), live.WantsBurst("sb26042105"), live.WantsNotice("tb26042101"), live.WantsBurst("tb26042101")));
        Assert.Equal((false, false, true, true), (drills.WantsNotice("sb26042105"), drills.WantsBurst("sb26042105"), drills.WantsNotice("tb26042101"), drills.WantsBurst("tb26042101")));
        Assert.Equal((false, true, false), (one.WantsNotice("tb26042101"), one.WantsBurst("tb26042101"), one.WantsBurst("tb26042102")));
    }

    [Fact]
    public void A_place_comes_back_as_it_went_out()
    {
        var feeds = EventTopics.Parse(["notices,bursts,test/packets/a:b", "test/packets/drill"]) is null ? EventTopics.Parse(["notices,bursts,test/packets/drill"])!.Feeds : [];
        var place = new Dictionary<string, long>(StringComparer.Ordinal) { ["notices"] = 17, ["bursts"] = 220, ["packets/drill"] = long.MaxValue };
        var text = EventPlace.Write(feeds, place);
        Assert.Equal("notices:17,bursts:220,packets/drill:9223372036854775807", text);
        Assert.Equal(place, EventPlace.Read(feeds, text));
        Assert.Equal("17", EventPlace.Write(["notices"], place));
        Assert.Equal(17, EventPlace.Read(["notices"], "17")!["notices"]);
    }

    [Theory]
    [InlineData("17")]
    [InlineData("notices:17,")]
    [InlineData("notices:17,notices:18")]
    [InlineData("notices:-1")]
    [InlineData(":1")]
    [InlineData("notices:99999999999999999999")]
    public void What_is_no_place_is_refused(string text) => Assert.Null(EventPlace.Read(["notices", "bursts"], text));
}
