using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CsCheck;
using Svom.Bursts;
using Svom.Support;
using static Svom.Support.InventedBursts;

namespace Svom.Unit.Bursts;

/// <summary>One notice, two forms.</summary>
public sealed class NoticeFormsTests
{
    private const string SchemaCheck = """
        import json, pathlib, sys
        from jsonschema import Draft202012Validator, RefResolver
        schemas = {s["$id"]: s for s in (json.loads(p.read_text()) for p in pathlib.Path(sys.argv[1]).rglob("*.schema.json"))}
        trigger = next(s for i, s in schemas.items() if i.endswith("svom/trigger.schema.json"))
        check = Draft202012Validator(trigger, resolver=RefResolver(trigger["$id"], trigger, store=schemas))
        faults = 0
        for line in sys.stdin:
            for fault in check.iter_errors(json.loads(line)):
                faults += 1
                print(fault.message, line)
        sys.exit(1 if faults else 0)
        """;

    [Fact]
    public void A_wakeup_is_written_as_subscribers_know_it()
    {
        var notice = Invented()["eclairs-wakeup"];
        GoldenFile.Matches("eclairs-wakeup.xml", notice.Xml);
        GoldenFile.Matches("eclairs-wakeup.json", notice.Json);
    }

    [Fact]
    public void Both_forms_say_the_same() => EvidenceGen.Many.Sample(static evidence =>
    {
        var desk = new BurstDesk().Hear(evidence);
        Assert.All(desk.Notices, static notice => CrossCheck(notice));
    });

    [Fact]
    public void The_same_facts_give_the_same_octets_and_no_byte_order_mark()
    {
        var (one, two) = (Invented(), Invented());
        Assert.Equal(one.Notices.Select(static n => n.XmlSha256 + n.JsonSha256), two.Notices.Select(static n => n.XmlSha256 + n.JsonSha256));
        Assert.All(one.Notices, static n => Assert.Equal(((byte)'<', (byte)'{'), (n.XmlBytes()[0], n.JsonBytes()[0])));
    }

    [Fact]
    public void Numbers_at_the_edges_are_printed_as_numbers()
    {
        var alert = Alert(quality: 255) with { Ra = 359.99996, Dec = -0.00001, Attitude = new(359.999, -0.001, -95.16), Orbit = new(208.84, 0.004, 620.325) };
        var facts = new BurstDesk().Hear(alert)["eclairs-wakeup"].Facts;
        Assert.Equal((0m, 0m), (facts.Position!.Ra, facts.Position.Dec));
        Assert.Equal((0m, 0m, 264.84m), (facts.AttitudeRa, facts.AttitudeDec, facts.AttitudeRoll));
        Assert.Equal(-151.16m, facts.SatLongitude);
        Assert.DoesNotContain("\"-0.0", new BurstDesk().Hear(alert)["eclairs-wakeup"].Xml, StringComparison.Ordinal);
    }

    [Fact]
    public void The_GCN_form_is_valid_against_its_schema()
    {
        var schemas = Samples.Require(Path.Combine("gcn-json", "schema"));
        var start = new ProcessStartInfo("/usr/bin/python3") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(SchemaCheck);
        start.ArgumentList.Add(schemas);
        if (!File.Exists(start.FileName))
        {
            Assert.Skip("No /usr/bin/python3 here.");
        }

        var burst = new BurstDesk().Hear(Grm("011"), Alert(slew: true)).Act(Act(BurstActKind.Validate)).Hear(Answer(true), Mxt()).Act(Act(BurstActKind.Retract));
        var made = burst.Notices.Concat(Invented().Notices).Concat(new BurstDesk("tb26030101").Hear(Grm()).Notices);
        using var python = Process.Start(start)!;
        try
        {
            python.StandardInput.Write(string.Join('\n', made.Select(static n => n.Json)) + "\n");
            python.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before reading: its own words follow.
        }

        var (said, failed) = (python.StandardOutput.ReadToEnd(), python.StandardError.ReadToEnd());
        python.WaitForExit();
        if (failed.Contains("ModuleNotFoundError", StringComparison.Ordinal) || failed.Contains("ImportError", StringComparison.Ordinal))
        {
            Assert.Skip("The Python package jsonschema is not installed (python3-jsonschema).");
        }

        Assert.True(python.ExitCode == 0, said + failed);
    }

    [Fact]
    public void Settings_outside_their_ranges_are_refused()
    {
        var validator = new BurstOptionsValidator();
        Assert.True(validator.Validate(null, new()).Succeeded);
        Assert.True(validator.Validate(null, new() { SlewDeadline = TimeSpan.Zero }).Failed);
        Assert.True(validator.Validate(null, new() { AutomaticQuality = 257 }).Failed);
        Assert.True(validator.Validate(null, new() { ContactName = "" }).Failed);
        Assert.True(validator.Validate(null, new() { ContactName = "a\u0001" }).Failed);
        Assert.True(validator.Validate(null, new() { SourceNames = { [82] = "\uFFFE" } }).Failed);
    }

    private static BurstDesk Invented() => new BurstDesk().Hear(Grm(), Alert(quality: 255, slew: true), Answer(true), Mxt());

    private static void CrossCheck(NoticeMade notice)
    {
        var xml = RealNotice.Load(new MemoryStream(notice.XmlBytes()), notice.Id);
        var json = JsonDocument.Parse(notice.Json).RootElement;
        var where = xml.Document.WhereWhen;
        Assert.Equal(xml["Instrument"], Text(json, "instrument"));
        Assert.Equal(xml.Date, RealNotice.Time(Text(json, "alert_datetime")!));
        Assert.Equal(xml["Svom_Identifiers.Burst_Id"], json.GetProperty("id")[0].GetString());
        Assert.Equal(xml["Svom_Identifiers.Alert_Seq_T0"], Text(json, "trigger_time"));
        Assert.Equal(RealNotice.Time(where.IsoTime), RealNotice.Time(Text(json, "observation_start")!));
        Assert.Equal(xml["Detection_Info.Time_Window_End"], Text(json, "observation_stop"));
        Assert.Equal(xml.Document.Role == "test" ? "test" : "current", Text(json, "alert_tense"));
        var kind = xml["Instrument"] == "GRM" ? "rate" : "image";
        Same(xml["Detection_Info.SNR"], json, $"{kind}_snr");
        Same(xml["Detection_Info.Timescale"], json, $"{kind}_duration");
        Same(where.Position?.Ra, json, "ra");
        Same(where.Position?.Dec, json, "dec");
        Same(where.Position?.Error2Radius is "-1.0000" ? null : where.Position?.Error2Radius, json, "ra_dec_error");
        Same(xml["Satellite_Info.Attitude_Ra"], json, "ra_pointing");
        Same(xml["Satellite_Info.Attitude_Dec"], json, "dec_pointing");
        Same(xml["Satellite_Info.Attitude_Roll"], json, "roll");
        Same(xml["Satellite_Info.Sat_Longitude"], json, "longitude");
        Same(xml["Satellite_Info.Sat_Latitude"], json, "latitude");
        Same(xml["Satellite_Info.Sat_Altitude"], json, "altitude");
        Assert.Equal(xml["Satellite_Info.Slew_Status"]?.Replace('-', '_') is var status && status == "requested" ? null : status, Text(json, "slew_status"));
    }

    private static void Same(string? text, JsonElement json, string name) =>
        Assert.Equal(
            text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture), json.TryGetProperty(name, out var value) ? value.GetDecimal() : (decimal?)null);

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
