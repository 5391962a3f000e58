using System.Xml.Linq;
using Svom.Support;

namespace Svom.Architecture;

/// <summary>The house as it is meant: references point one way, folders are capabilities.</summary>
public sealed class HouseTests
{
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Grains.Interfaces"] = [],
        ["Formats"] = [],
        ["Workflows"] = [],
        ["Grains"] = ["Grains.Interfaces", "Formats", "Workflows"],
        ["Storage"] = ["Grains.Interfaces", "Workflows"],
        ["Gateway"] = ["Grains.Interfaces", "Formats"],
        ["Simulator"] = ["Formats"],
        ["Silo"] = ["Grains", "Storage", "Gateway", "Simulator"],
        ["Tests"] = ["Grains", "Workflows", "Storage", "Gateway", "Simulator", "Silo", "Benchmarks", "Tests.Crash"],
        ["Tests.Crash"] = ["Storage", "Grains"],
        ["Benchmarks"] = ["Silo"],
    };

    private static readonly string[] Capabilities =
        ["Packets", "Bursts", "Workflows", "Products", "Stations", "Monitoring", "Notifications", "EventStore", "Outcomes", "Access"];

    private static readonly Dictionary<string, string[]> MoreFolders = new(StringComparer.Ordinal)
    {
        ["Formats"] = ["Ccsds", "Sky", "VoEvent", "Gcn", "Packets"],
        ["Silo"] = ["Hosting", "Transports", "Demo", "Properties"],
        ["Gateway"] = ["Hosting", "Documents", "Pages", "Requests", "Feeds"],
        ["Simulator"] = ["Scenarios", "Plans", "Missions", "Play", "Load", "Commands"],
        ["Storage"] = ["Sqlite", "Postgres", "Writing", "GrainState", "Cluster"],
        ["Workflows"] = ["Payloads", "Failures", "Retries", "Deadlines", "History", "Commands", "Tasks", "Rules", "Execution", "Authors"],
    };

    public static TheoryData<string> Projects => [.. Arrows.Keys];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_refers_only_where_its_arrows_point(string project)
    {
        var file = XDocument.Load(Path.Combine(SolutionFolder.Path, project, project + ".csproj"));
        var referenced = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(referenced.Except(Arrows[project], StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_of_the_solution_has_its_arrows_stated()
    {
        var projects = File.ReadAllLines(Path.Combine(SolutionFolder.Path, "Svom.Orleans.sln"))
            .Where(static line => line.StartsWith("Project(", StringComparison.Ordinal) && line.Contains(".csproj", StringComparison.Ordinal))
            .Select(static line => line.Split('"')[3]);
        Assert.Equal(Arrows.Keys.Order(StringComparer.Ordinal), projects.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Grains.Interfaces"), InlineData("Grains"), InlineData("Gateway"), InlineData("Formats"), InlineData("Workflows"), InlineData("Storage"), InlineData("Silo"), InlineData("Simulator")]
    public void Folders_are_capabilities_by_their_one_name(string project)
    {
        var allowed = Capabilities.Concat(MoreFolders.GetValueOrDefault(project, []));
        var folders = Directory.GetDirectories(Path.Combine(SolutionFolder.Path, project))
            .Select(static folder => Path.GetFileName(folder)).Where(static folder => folder is not ("bin" or "obj" or "wwwroot"));
        Assert.Empty(folders.Except(allowed, StringComparer.Ordinal));
    }

    [Fact]
    public void Pure_projects_take_no_packages_but_analyzers()
    {
        foreach (var pure in (string[])["Formats", "Workflows"])
        {
            Assert.Empty(XDocument.Load(Path.Combine(SolutionFolder.Path, pure, pure + ".csproj")).Descendants("PackageReference"));
        }

        var contracts = XDocument.Load(Path.Combine(SolutionFolder.Path, "Grains.Interfaces", "Grains.Interfaces.csproj"));
        Assert.Equal(["Microsoft.Orleans.Sdk"], contracts.Descendants("PackageReference").Select(static package => package.Attribute("Include")!.Value));
    }

    [Fact]
    public void Namespaces_begin_with_the_mission_and_never_hide_Orleans()
    {
        var wrong = Directory.EnumerateFiles(SolutionFolder.Path, "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(static file => File.ReadLines(file).Where(static line => line.StartsWith("namespace ", StringComparison.Ordinal)
                && (!line.StartsWith("namespace Svom", StringComparison.Ordinal) || line.StartsWith("namespace Svom.Orleans", StringComparison.Ordinal))));
        Assert.Empty(wrong);
    }
}
