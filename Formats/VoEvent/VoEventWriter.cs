using System.Text;
using System.Xml;

namespace Svom.VoEvent;

/// <summary>Writes VOEvents: the same document gives the same octets (UTF-8 without mark, two spaces, line feeds).</summary>
public static class VoEventWriter
{
    private const string Namespace = "http://www.ivoa.net/xml/VOEvent/v2.0";
    private const string SchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
    private const string Coordinates = "UTC-ICRS-GEO";

    /// <summary>The document as text; its octets are the UTF-8 of it.</summary>
    public static string Write(VoEventDocument document)
    {
        // The declaration by hand: a writer into text would call itself UTF-16.
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", 4_096);
        var settings = new XmlWriterSettings { Indent = true, IndentChars = "  ", NewLineChars = "\n", OmitXmlDeclaration = true };
        using (var xml = XmlWriter.Create(text, settings))
        {
            xml.WriteStartElement("voe", "VOEvent", Namespace);
            xml.WriteAttributeString("xmlns", "voe", null, Namespace);
            xml.WriteAttributeString("xmlns", "xsi", null, SchemaInstance);
            xml.WriteAttributeString("xsi", "schemaLocation", SchemaInstance, $"{Namespace} http://www.ivoa.net/xml/VOEvent/VOEvent-v2.0.xsd");
            xml.WriteAttributeString("role", document.Role);
            xml.WriteAttributeString("version", "2.0");
            xml.WriteAttributeString("ivorn", document.Ivorn);
            WriteWho(xml, document.Who);
            WriteWhat(xml, document);
            WriteWhereWhen(xml, document.WhereWhen);
            WriteHow(xml, document.How);
            WriteCitations(xml, document.Citations);
            xml.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void WriteWho(XmlWriter xml, VoEventWho who)
    {
        xml.WriteStartElement("Who");
        xml.WriteElementString("AuthorIVORN", who.AuthorIvorn);
        xml.WriteElementString("Date", who.Date);
        xml.WriteStartElement("Author");
        xml.WriteElementString("title", who.Title);
        xml.WriteElementString("shortName", who.ShortName);
        xml.WriteElementString("contactName", who.ContactName);
        xml.WriteElementString("contactEmail", who.ContactEmail);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteWhat(XmlWriter xml, VoEventDocument document)
    {
        xml.WriteStartElement("What");
        WriteParams(xml, document.Params);
        foreach (var group in document.Groups)
        {
            xml.WriteStartElement("Group");
            xml.WriteAttributeString("name", group.Name);
            WriteParams(xml, group.Params);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteParams(XmlWriter xml, IReadOnlyList<VoEventParam> parameters)
    {
        foreach (var param in parameters)
        {
            xml.WriteStartElement("Param");
            xml.WriteAttributeString("name", param.Name);
            xml.WriteAttributeString("value", param.Value);
            if (param.Unit is { } unit)
            {
                xml.WriteAttributeString("unit", unit);
            }

            if (param.Ucd is { } ucd)
            {
                xml.WriteAttributeString("ucd", ucd);
            }

            xml.WriteEndElement();
        }
    }

    private static void WriteWhereWhen(XmlWriter xml, VoEventWhereWhen where)
    {
        xml.WriteStartElement("WhereWhen");
        xml.WriteStartElement("ObsDataLocation");
        WriteWithId(xml, "ObservatoryLocation", "id", "GEOLEO");
        xml.WriteEndElement();
        xml.WriteStartElement("ObservationLocation");
        WriteWithId(xml, "AstroCoordSystem", "id", Coordinates);
        xml.WriteEndElement();
        WriteWithId(xml, "AstroCoords", "coord_system_id", Coordinates);
        WriteWithId(xml, "Time", "unit", "s");
        xml.WriteStartElement("TimeInstant");
        xml.WriteElementString("ISOTime", where.IsoTime);
        xml.WriteEndElement();
        xml.WriteEndElement();
        WritePosition(xml, where.Position);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WritePosition(XmlWriter xml, VoEventPosition? position)
    {
        if (position is null)
        {
            return;
        }

        WriteWithId(xml, "Position2D", "unit", "deg");
        xml.WriteElementString("Name1", "RA");
        xml.WriteElementString("Name2", "Dec");
        xml.WriteStartElement("Value2");
        xml.WriteElementString("C1", position.Ra);
        xml.WriteElementString("C2", position.Dec);
        xml.WriteEndElement();
        xml.WriteElementString("Error2Radius", position.Error2Radius);
        xml.WriteEndElement();
    }

    private static void WriteHow(XmlWriter xml, VoEventHow? how)
    {
        if (how is null)
        {
            return;
        }

        xml.WriteStartElement("How");
        xml.WriteElementString("Description", how.Description);
        WriteWithId(xml, "Reference", "uri", how.ReferenceUri);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteCitations(XmlWriter xml, VoEventCitations? citations)
    {
        if (citations is null)
        {
            return;
        }

        xml.WriteStartElement("Citations");
        foreach (var cited in citations.Events)
        {
            WriteWithId(xml, "EventIVORN", "cite", cited.Cite);
            xml.WriteString(cited.Ivorn);
            xml.WriteEndElement();
        }

        if (citations.Description is { } description)
        {
            xml.WriteElementString("Description", description);
        }

        xml.WriteEndElement();
    }

    private static void WriteWithId(XmlWriter xml, string element, string attribute, string value)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString(attribute, value);
    }
}
