using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Packets;

/// <summary>The definitions are wrong: the sentence says where.</summary>
public sealed class DefinitionException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The machine-read definition file as it stands, before any check. Unknown keys are refused.</summary>
internal sealed record DefinitionFile(
    string Definition, int Version, SpacecraftEntry Spacecraft, int FrameOctets, int PacketOctets, FieldEntry[] Header, FieldEntry[] Trailer,
    Dictionary<string, TableEntry> Tables, PacketEntry[] Packets)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    public static DefinitionFile Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<DefinitionFile>(json, Options) ?? throw new DefinitionException("The definition file is null.");
        }
        catch (JsonException error)
        {
            throw new DefinitionException($"The definition file cannot be read at {error.Path}: {error.Message}", error);
        }
    }
}

internal sealed record SpacecraftEntry(string Name, int Id);

/// <param name="At">Offset from the frame's first bit.</param>
/// <param name="Count">Of a repeated field: how many stand one after the other, each of <paramref name="Bits"/>; they are named Name_1, Name_2 and so on. Null: one, named as it is.</param>
/// <param name="Value">Of a fixed field: a number, or the word spacecraft, apid or length.</param>
internal sealed record FieldEntry(
    string Name, int At, int Bits, string Type, string Origin, string Meaning, string? Value = null, string? Table = null, string? Unit = null,
    double Scale = 1, double Divisor = 1, double Offset = 0, double? Min = null, double? Max = null,
    int? Count = null)
{
    /// <summary>Name of the repeated field that this is one of; null when it stands alone.</summary>
    [JsonIgnore]
    public string? RepeatOf { get; init; }
}

internal sealed record TableEntry(CodeEntry[] Entries, string? Unit = null);

/// <summary>A code of an enumerated field.</summary>
/// <param name="Code">As it stands in the packet.</param>
/// <param name="Name">What it means, as text.</param>
/// <param name="Values">What it means, as exact numbers in the table's unit: one for a length, two for the edges of a band.</param>
public sealed record CodeEntry(int Code, string Name, IReadOnlyList<double>? Values = null);

/// <param name="Quaternions">Prefixes of four fields each that must be a unit quaternion.</param>
internal sealed record PacketEntry(string Kind, int Apid, string Title, string Purpose, string[] Quaternions, FieldEntry[] Fields);
