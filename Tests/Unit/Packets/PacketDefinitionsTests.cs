using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace Svom.Packets;

public sealed class PacketDefinitionsTests
{
    [Fact]
    public void All_readers_find_their_fields_at_start() => PacketDefinitions.EnsureReadable();

    [Theory]
    [InlineData("Alert_MsgCount", 8)]
    [InlineData("Alert_TimeTbAbs", 56)]
    [InlineData("Alert_SkyTheta", 24)]
    [InlineData("Alert_SkyYpix", 8)]
    [InlineData("Alert_SkyYfit", 16)]
    [InlineData("Alert_SkyCnt", 32)]
    [InlineData("Alert_DetCounts", 24)]
    [InlineData("Packet_SequenceCount", 14)]
    [InlineData("Packet_GroupingFlags", 2)]
    [InlineData("Packet_Time", 32)]
    public void Public_widths_are_kept(string field, int bits) =>
        Assert.Equal(bits, PacketDefinitions.Current[PacketKind.EclairsAlert][field].Bits);

    [Fact]
    public void A_missing_field_is_named() =>
        Assert.Contains("Alert_Colour", Assert.Throws<DefinitionException>(static () => { _ = PacketDefinitions.Current[PacketKind.EclairsAlert]["Alert_Colour"]; }).Message);

    [Fact]
    public void A_value_that_does_not_fit_is_refused_with_its_field()
    {
        var late = PacketGenerators.Alerts.Single() with { CatalogId = 70_000 };
        Assert.Contains("Alert_CatSrcNum", Assert.Throws<ArgumentOutOfRangeException>(() => late.ToFrame(0, late.SequenceT0)).Message);
    }

    [Fact]
    public void An_unknown_code_is_out_of_range_and_no_crash()
    {
        var layout = PacketDefinitions.Current[PacketKind.EclairsAlert];
        var frame = PacketGenerators.Alerts.Single().ToFrame(0, MissionTime.Epoch);
        layout["Alert_TriggerBand"].Write(frame, 250);
        VhfFrame.Seal(frame);

        var packet = PacketDefinitions.Current.Decode(frame);

        Assert.False(packet.AllInRange);
        Assert.Null(EclairsAlertPacket.From(packet).Band);
        var field = Assert.Single(PacketView.Of(packet).Fields, static field => !field.InRange);
        Assert.Equal(("Alert_TriggerBand", "unknown code"), (field.Name, field.Value));
    }

    public static TheoryData<string, string> Faults => new()
    {
        { """{ "name": "Alert_MsgCount", "at": 127 }""", "overlaps" },
        { """{ "name": "Alert_MsgCount", "at": 129 }""", "belong to no field" },
        { """{ "name": "Alert_MsgCount", "bits": 57 }""", "57 bits" },
        { """{ "name": "Alert_MsgCount", "type": "octal" }""", "type 'octal' is unknown" },
        { """{ "name": "Alert_TriggerBand", "table": "no such" }""", "table 'no such' is unknown" },
        { """{ "name": "Alert_TriggerBand", "bits": 2 }""", "does not fit" },
        { """{ "name": "Alert_SkyTheta", "divisor": 0 }""", "must not be 0" },
        { """{ "name": "Alert_SkyTheta", "min": 200 }""", "min is above max" },
        { """{ "name": "Sat_PositionValid", "bits": 2 }""", "one bit" },
        { """{ "name": "Spare_2", "bits": 16 }""", "overlaps" },
        { """{ "name": "Alert_MsgCount", "colour": 1 }""", "cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Definitions_that_contradict_themselves_are_refused_with_their_place(string change, string says)
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(Support.SolutionFolder.Path, "Formats", "Packets", "Definitions", "svom-vhf-1.json")))!;
        var fields = file["packets"]!.AsArray().Single(static packet => (string?)packet!["kind"] == "EclairsAlert")!["fields"]!.AsArray();
        var changes = JsonNode.Parse(change)!.AsObject();
        var field = fields.Single(field => (string?)field!["name"] == (string?)changes["name"])!.AsObject();
        foreach (var (key, value) in changes)
        {
            field[key] = value?.DeepClone();
        }

        var error = Assert.Throws<DefinitionException>(() => PacketDefinitions.Load(Encoding.UTF8.GetBytes(file.ToJsonString())));
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public void The_reference_page_is_the_one_the_definitions_make()
    {
        var path = Path.Combine(Support.SolutionFolder.Path, "docs", "reference", "packets.md");
        var page = PacketReference.Write(PacketDefinitions.Current);
        if (Environment.GetEnvironmentVariable("SVOM_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(page, File.ReadAllText(path));
    }
}
