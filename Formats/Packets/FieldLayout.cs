using System.Buffers.Binary;
using System.Globalization;

namespace Svom.Packets;

/// <summary>How the bits of a field are read.</summary>
public enum FieldKind
{
    Fixed,
    Unsigned,
    Signed,
    Boolean,
    Enum,
    Seconds,
    Time,
    Padding,
    Crc,
}

/// <summary>One field of a packet, compiled from the definitions: where its bits stand and what they mean.</summary>
public sealed class FieldLayout
{
    private readonly int _start;
    private readonly int _shift;
    private readonly ulong _mask;
    private readonly long _rawMin;
    private readonly long _rawMax;
    private readonly CodeEntry?[]? _codes;
    private readonly double _scale;
    private readonly int _unsignedBits;

    internal FieldLayout(FieldEntry entry, FieldKind kind, int index, int frameOctets, long? expected, TableEntry? table)
    {
        (Name, Index, Kind, BitOffset, Bits, Expected) = (entry.Name, index, kind, entry.At, entry.Bits, expected);
        RepeatOf = entry.RepeatOf;
        (Unit, TableName, Meaning, Origin) = (entry.Unit ?? table?.Unit, entry.Table, entry.Meaning, entry.Origin);
        (Scale, Divisor, Offset, Min, Max) = (entry.Scale, entry.Divisor, entry.Offset, entry.Min, entry.Max);
        _scale = entry.Scale / entry.Divisor;
        _unsignedBits = kind is FieldKind.Signed ? 64 - entry.Bits : 0;

        // Any field of up to 57 bits lies within some eight octets of the frame; one big-endian load and a shift read it.
        _start = Math.Min(entry.At / 8, frameOctets - 8);
        _shift = 64 - (entry.At - (_start * 8)) - entry.Bits;
        _mask = (1UL << entry.Bits) - 1;
        _codes = table is null ? null : Codes(table, entry.Bits);
        (_rawMin, _rawMax) = RawRange();
    }

    /// <summary>Name, unique within its packet.</summary>
    public string Name { get; }

    /// <summary>Name of the repeated field that this is one of; null when it stands alone.</summary>
    public string? RepeatOf { get; }

    /// <summary>Place among the packet's fields.</summary>
    public int Index { get; }

    public FieldKind Kind { get; }

    /// <summary>From the first bit of the frame.</summary>
    public int BitOffset { get; }

    public int Bits { get; }

    /// <summary>Unit of the engineering value; null without one.</summary>
    public string? Unit { get; }

    /// <summary>Name of the code table; null without one.</summary>
    public string? TableName { get; }

    /// <summary>In plain words.</summary>
    public string Meaning { get; }

    /// <summary>What of it is public: name and width, name, or ours.</summary>
    public string Origin { get; }

    /// <summary>Engineering value = raw × <see cref="Scale"/> / <see cref="Divisor"/> + <see cref="Offset"/>.</summary>
    public double Scale { get; }

    public double Divisor { get; }

    public double Offset { get; }

    /// <summary>Least engineering value in range; null where all are.</summary>
    public double? Min { get; }

    /// <summary>Greatest engineering value in range; null where all are.</summary>
    public double? Max { get; }

    /// <summary>Raw value that a fixed or padding field must have.</summary>
    public long? Expected { get; }

    /// <summary>Reads the raw bits from a whole frame.</summary>
    public ulong Read(ReadOnlySpan<byte> frame) => (BinaryPrimitives.ReadUInt64BigEndian(frame[_start..]) >> _shift) & _mask;

    /// <summary>Writes raw bits into a whole frame and leaves its neighbours alone.</summary>
    public void Write(Span<byte> frame, ulong raw)
    {
        var window = frame[_start..];
        var old = BinaryPrimitives.ReadUInt64BigEndian(window);
        BinaryPrimitives.WriteUInt64BigEndian(window, (old & ~(_mask << _shift)) | ((raw & _mask) << _shift));
    }

    /// <summary>Raw bits as a number: signed fields are sign-extended.</summary>
    public long Integer(ulong raw) => (long)(raw << _unsignedBits) >> _unsignedBits;

    /// <summary>Engineering value of a number field.</summary>
    public double Number(ulong raw) => (Integer(raw) * _scale) + Offset;

    /// <summary>Meaning of a code; null for a code that the table does not list.</summary>
    public CodeEntry? Code(ulong raw) => _codes is not null && raw < (ulong)_codes.Length ? _codes[raw] : null;

    /// <summary>True when the raw value is one that the definitions allow.</summary>
    public bool InRange(ulong raw)
    {
        if (_codes is not null)
        {
            return Code(raw) is not null;
        }

        var value = Integer(raw);
        return value >= _rawMin && value <= _rawMax;
    }

    /// <summary>Raw bits of an engineering value, rounded to the nearest step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value does not fit the bits or the stated range.</exception>
    public ulong FromNumber(double value)
    {
        var steps = Math.Round((value - Offset) * Divisor / Scale, MidpointRounding.AwayFromZero);
        return steps >= _rawMin && steps <= _rawMax
            ? (ulong)(long)steps & _mask
            : throw new ArgumentOutOfRangeException(Name, value, string.Create(CultureInfo.InvariantCulture, $"{Name} takes {Number((ulong)_rawMin & _mask)} to {Number((ulong)_rawMax & _mask)} {Unit}"));
    }

    /// <summary>Raw bits of an engineering value; one beyond the range becomes the nearest in it.</summary>
    public ulong FromNumberSaturated(double value) =>
        (ulong)(long)Math.Clamp(Math.Round((value - Offset) * Divisor / Scale, MidpointRounding.AwayFromZero), _rawMin, _rawMax) & _mask;

    /// <summary>The code whose numbers are these; null when the table lists none.</summary>
    public CodeEntry? FindCode(params ReadOnlySpan<double> values)
    {
        foreach (var code in _codes ?? [])
        {
            if (code?.Values is { } listed && listed.Count == values.Length && Same(listed, values))
            {
                return code;
            }
        }

        return null;
    }

    /// <summary>The code of this name; null when the table lists none.</summary>
    public CodeEntry? FindCode(string name) => Array.Find(_codes ?? [], code => string.Equals(code?.Name, name, StringComparison.Ordinal));

    private static bool Same(IReadOnlyList<double> listed, ReadOnlySpan<double> values)
    {
        for (var n = 0; n < values.Length; n++)
        {
            if (Math.Abs(listed[n] - values[n]) > 1e-9)
            {
                return false;
            }
        }

        return true;
    }

    private static CodeEntry?[] Codes(TableEntry table, int bits)
    {
        var codes = new CodeEntry?[1 << bits];
        foreach (var entry in table.Entries)
        {
            codes[entry.Code] = entry;
        }

        return codes;
    }

    private (long Min, long Max) RawRange()
    {
        if (Expected is { } expected)
        {
            return (expected, expected);
        }

        var (least, greatest) = Kind is FieldKind.Signed ? (-(1L << (Bits - 1)), (1L << (Bits - 1)) - 1) : (0, (long)_mask);
        return (
            Min is { } min ? Math.Max(least, (long)Math.Round((min - Offset) * Divisor / Scale)) : least,
            Max is { } max ? Math.Min(greatest, (long)Math.Round((max - Offset) * Divisor / Scale)) : greatest);
    }
}
