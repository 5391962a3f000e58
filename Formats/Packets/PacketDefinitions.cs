using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Svom.Packets.Messages;

namespace Svom.Packets;

/// <summary>
/// The packet definitions in force, read from one machine-read file and compiled. Decoder, encoder, packet view and the
/// reference page all come from it.
/// </summary>
public sealed class PacketDefinitions
{
    private const string CurrentResource = "Svom.Packets.Definitions.svom-vhf-1.json";
    private static readonly Lazy<PacketDefinitions> LoadedCurrent = new(LoadCurrent);

    private readonly PacketLayout?[] _byApid;
    private readonly PacketLayout[] _layouts;

    internal PacketDefinitions(DefinitionFile file, PacketLayout[] layouts)
    {
        (Version, SpacecraftName, SpacecraftId) = ($"{file.Definition}-{file.Version}", file.Spacecraft.Name, file.Spacecraft.Id);
        (FrameOctets, PacketOctets, _layouts, Tables) = (file.FrameOctets, file.PacketOctets, layouts, file.Tables);
        _byApid = new PacketLayout?[2048];
        foreach (var layout in layouts)
        {
            _byApid[layout.Apid] = layout;
        }
    }

    /// <summary>The definitions that this build carries.</summary>
    public static PacketDefinitions Current => LoadedCurrent.Value;

    /// <summary>Name and version, for example <c>svom-vhf-1</c>.</summary>
    public string Version { get; }

    /// <summary>Short name of the spacecraft, as in feeds.</summary>
    public string SpacecraftName { get; }

    /// <summary>The number that stands first in each of its frames.</summary>
    public int SpacecraftId { get; }

    /// <summary>Octets of a whole frame.</summary>
    public int FrameOctets { get; }

    /// <summary>Octets of the space packet within.</summary>
    public int PacketOctets { get; }

    /// <summary>All kinds, by application.</summary>
    public IReadOnlyList<PacketLayout> Layouts => _layouts;

    internal IReadOnlyDictionary<string, TableEntry> Tables { get; }

    /// <summary>Layout of a kind.</summary>
    public PacketLayout this[PacketKind kind] => Array.Find(_layouts, layout => layout.Kind == kind)
        ?? throw new DefinitionException($"The definitions have no packet {kind}.");

    /// <summary>Layout of an application; null when it is none of ours.</summary>
    public PacketLayout? Find(int apid) => (uint)apid < (uint)_byApid.Length ? _byApid[apid] : null;

    /// <summary>Reads and checks definitions.</summary>
    /// <exception cref="DefinitionException">They contradict themselves; the sentence says where.</exception>
    public static PacketDefinitions Load(ReadOnlySpan<byte> json) => DefinitionCompiler.Compile(DefinitionFile.Read(json));

    /// <summary>Binds every typed reader to the definitions now, so that a missing field stops the start and not the first burst.</summary>
    /// <exception cref="DefinitionException">A reader names a field that the definitions lack.</exception>
    public static void EnsureReadable()
    {
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(EclairsRecurrentPacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(EclairsAlertPacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(EclairsSlewStatusPacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(GrmTriggerPacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(MxtPositionPacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(OrbitPacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(AttitudePacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(MessageFields).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(LightCurvePacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(EclairsDescriptorPacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(SubImagePacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(VtSourceListPacket).TypeHandle);
            RuntimeHelpers.RunClassConstructor(typeof(VtImagePacket).TypeHandle);
        }
        catch (TypeInitializationException error) when (error.InnerException is DefinitionException wrong)
        {
            throw new DefinitionException(wrong.Message, error);
        }
    }

    /// <summary>Decodes a whole frame of ours; every frame that <see cref="FrameCheck"/> calls valid can be decoded.</summary>
    public bool TryDecode(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out DecodedPacket? packet)
    {
        var inspection = FrameCheck.Inspect(frame);
        packet = inspection.Verdict is FrameVerdict.Valid && Find(inspection.Apid) is { } layout ? new DecodedPacket(layout, frame) : null;
        return packet is not null;
    }

    /// <summary>Decodes a frame that was checked before.</summary>
    /// <exception cref="FormatException">It is no valid frame of ours.</exception>
    public DecodedPacket Decode(ReadOnlySpan<byte> frame) =>
        TryDecode(frame, out var packet) ? packet : throw new FormatException($"No valid frame: {FrameCheck.Inspect(frame).Verdict}.");

    private static PacketDefinitions LoadCurrent()
    {
        using var stream = typeof(PacketDefinitions).Assembly.GetManifestResourceStream(CurrentResource)
            ?? throw new DefinitionException($"The definition file {CurrentResource} is not built in.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Load(bytes.ToArray());
    }
}
