using System.Text.Json;
using System.Xml.Linq;

namespace Svom.Bursts;

/// <summary>What a notice says, field by field: every value of the VOEvent and of the GCN object under its path.</summary>
internal static class NoticeFields
{
    private const string XmlDate = "xml/VOEvent/Who/Date";
    private const string JsonDate = "json/alert_datetime";

    /// <summary>The fields of a notice.</summary>
    /// <param name="dated">False without the time of its decision, which is made up where time is virtual.</param>
    public static SortedDictionary<string, string> Of(NoticeMade notice, bool dated)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["sent"] = notice.Sent ? "sent" : $"held: {notice.HeldBecause}",
        };
        Read(XDocument.Parse(notice.Xml).Root!, "xml", fields);
        using var json = JsonDocument.Parse(notice.Json);
        Read(json.RootElement, "json", fields);
        if (!dated)
        {
            fields.Remove(XmlDate);
            fields.Remove(JsonDate);
        }

        return fields;
    }

    private static void Read(XElement element, string path, SortedDictionary<string, string> fields)
    {
        var name = element.Attribute("name") is { } named ? $"{element.Name.LocalName}[{named.Value}]" : element.Name.LocalName;
        var here = Free($"{path}/{name}", fields);
        foreach (var attribute in element.Attributes().Where(static attribute => !attribute.IsNamespaceDeclaration && attribute.Name.LocalName != "name"))
        {
            fields[$"{here}@{attribute.Name.LocalName}"] = attribute.Value;
        }

        if (!element.HasElements)
        {
            fields[here] = element.Value;
        }

        foreach (var child in element.Elements())
        {
            Read(child, here, fields);
        }
    }

    private static void Read(JsonElement value, string path, SortedDictionary<string, string> fields)
    {
        if (value.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                Read(member.Value, $"{path}/{member.Name}", fields);
            }
        }
        else
        {
            fields[path] = value.GetRawText();
        }
    }

    // Elements of one name beside each other, such as citations, are told apart by their place.
    private static string Free(string path, SortedDictionary<string, string> fields)
    {
        var free = path;
        for (var n = 2; fields.Keys.Any(known => known == free || known.StartsWith(free + "@", StringComparison.Ordinal) || known.StartsWith(free + "/", StringComparison.Ordinal)); n++)
        {
            free = $"{path}({n})";
        }

        return free;
    }
}
