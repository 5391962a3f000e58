using System.Text;
using Svom.Support;

namespace Svom.EndToEnd.Bursts;

/// <summary>What the platform archived of past bursts, judged by validators that others wrote.</summary>
[Collection(PastBurstsCollection.Name)]
public sealed class SchemaTests(PlayedRealBursts played, ITestOutputHelper output) : IDisposable
{
    private const string Python = "/usr/bin/python3";

    // The schemas refer to each other by $id, and their own addresses are not asked: all are in the store beforehand.
    private const string Validator =
        """
        import glob, json, sys
        from jsonschema import Draft202012Validator, FormatChecker, RefResolver
        schemas = [json.load(open(path)) for path in glob.glob(sys.argv[1] + "/**/*.json", recursive=True)]
        trigger = next(schema for schema in schemas if schema["$id"].endswith("svom/trigger.schema.json"))
        resolver = RefResolver(trigger["$id"], trigger, store={schema["$id"]: schema for schema in schemas})
        validator = Draft202012Validator(trigger, resolver=resolver, format_checker=FormatChecker())
        checked = 0
        for path in sorted(glob.glob(sys.argv[2] + "/*.json")):
            checked += 1
            for fault in validator.iter_errors(json.load(open(path))):
                print(path, "/".join(map(str, fault.absolute_path)), fault.message)
        wrong = dict(json.load(open(path)), ra="north")
        if validator.is_valid(wrong): print("the validator accepts a direction that is a word")
        print("checked", checked)
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_archived_VOEvent_is_valid_for_xmllint()
    {
        var schema = Samples.Require("schema", "VOEvent-v2.0.xsd");
        var xmllint = Tool.Require("xmllint", "libxml2-utils");
        var files = await SaveAsync(".xml");

        var (exit, _, said) = await Tool.RunAsync(xmllint, ["--noout", "--nonet", "--schema", schema, .. files]);

        Assert.True(exit == 0, said);
        Assert.Equal(files.Count, said.Split('\n').Count(static line => line.EndsWith(" validates", StringComparison.Ordinal)));
        output.WriteLine($"{files.Count} VOEvents are valid");
    }

    [Fact]
    public async Task Every_archived_GCN_object_is_valid_for_jsonschema()
    {
        var schemas = Samples.Require("gcn-json", "schema");
        Assert.SkipUnless(File.Exists(Python), $"no {Python}");
        Assert.SkipUnless((await Tool.RunAsync(Python, ["-c", "import jsonschema"])).Exit == 0, "no jsonschema for Python: install the package python3-jsonschema");
        var files = await SaveAsync(".json");

        var (exit, said, errors) = await Tool.RunAsync(Python, ["-W", "ignore", "-c", Validator, schemas, folder.Path]);

        Assert.True(exit == 0, errors);
        Assert.Equal($"checked {files.Count}", said.Trim());
        output.WriteLine($"{files.Count} GCN objects are valid");
    }

    // Held ones too: they are cited for ever.
    private async Task<List<string>> SaveAsync(string suffix)
    {
        var files = new List<string>();
        foreach (var notice in played.Notices)
        {
            var bytes = await played.Platform.Archive.BytesAsync(notice.Id, suffix);
            Assert.DoesNotContain('\0', Encoding.UTF8.GetString(bytes));
            files.Add(Path.Combine(folder.Path, notice.Id + suffix));
            await File.WriteAllBytesAsync(files[^1], bytes);
        }

        Assert.NotEmpty(files);
        return files;
    }
}
