using System.Xml;
using System.Xml.Linq;
using Svom.VoEvent;

namespace Svom.Support;

/// <summary>
/// Reads VOEvents of any layout, ours and others': elements are found by local name, what is missing is empty. No DTD, no
/// external entity, no more than 1 MiB.
/// </summary>
public static class VoEventReader
{
    private const int MaxCharacters = 1 << 20;

    /// <summary>Reads a document.</summary>
    /// <returns><see langword="false"/> when it is no VOEvent.</returns>
    public static bool TryRead(Stream stream, out VoEventDocument? document)
    {
        document = null;
        try
        {
            using var xml = XmlReader.Create(stream, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MaxCharacters,
            });
            var root = XDocument.Load(xml).Root;
            document = root is { Name.LocalName: "VOEvent" } ? Read(root) : null;
        }
        catch (XmlException)
        {
            return false; // Hostile or broken: no VOEvent.
        }

        return document is not null;
    }

    private static VoEventDocument Read(XElement root)
    {
        var (who, what) = (Child(root, "Who"), Child(root, "What"));
        var author = Child(who, "Author");
        return new(
            Attribute(root, "ivorn") ?? "", Attribute(root, "role") ?? "observation",
            new(Text(who, "AuthorIVORN"), Text(who, "Date"), Text(author, "title"), Text(author, "shortName"), Text(author, "contactName"), Text(author, "contactEmail")),
            Params(what), [.. Children(what, "Group").Select(static g => new VoEventGroup(Attribute(g, "name") ?? "", Params(g)))],
            ReadWhere(root), ReadHow(root), ReadCitations(root));
    }

    private static VoEventWhereWhen ReadWhere(XElement root)
    {
        var where = Child(root, "WhereWhen");
        var position = Inside(where, "Position2D");
        return new(
            Inside(where, "ISOTime")?.Value.Trim() ?? "",
            position is null ? null : new(
                Inside(position, "C1")?.Value.Trim() ?? "", Inside(position, "C2")?.Value.Trim() ?? "", Inside(position, "Error2Radius")?.Value.Trim() ?? ""));
    }

    private static VoEventHow? ReadHow(XElement root) =>
        Child(root, "How") is { } how ? new(Text(how, "Description"), Attribute(Child(how, "Reference"), "uri") ?? "") : null;

    private static VoEventCitations? ReadCitations(XElement root) =>
        Child(root, "Citations") is { } citations
            ? new(
                [.. Children(citations, "EventIVORN").Select(static e => new VoEventCitation(Attribute(e, "cite") ?? "", e.Value.Trim()))],
                Child(citations, "Description")?.Value.Trim())
            : null;

    private static List<VoEventParam> Params(XElement? parent) =>
        [.. Children(parent, "Param").Select(static p => new VoEventParam(
            Attribute(p, "name") ?? "", Attribute(p, "value") ?? Child(p, "Value")?.Value.Trim() ?? "", Attribute(p, "unit"), Attribute(p, "ucd")))];

    private static IEnumerable<XElement> Children(XElement? parent, string name) => parent?.Elements().Where(e => e.Name.LocalName == name) ?? [];

    private static XElement? Child(XElement? parent, string name) => Children(parent, name).FirstOrDefault();

    private static XElement? Inside(XElement? parent, string name) => parent?.Descendants().FirstOrDefault(e => e.Name.LocalName == name);

    private static string? Attribute(XElement? element, string name) => element?.Attribute(name)?.Value;

    private static string Text(XElement? parent, string name) => Child(parent, name)?.Value.Trim() ?? "";
}
