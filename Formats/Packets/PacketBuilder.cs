namespace Svom.Packets;

/// <summary>Builds the frame of one packet from the same definitions that decode it. Fields not set are zero.</summary>
public sealed class PacketBuilder
{
    private readonly PacketLayout _layout;
    private readonly byte[] _frame;

    public PacketBuilder(PacketLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        _layout = layout;
        _frame = new byte[PacketDefinitions.Current.FrameOctets];
        foreach (var field in layout.AllFields)
        {
            if (field.Expected is { } expected)
            {
                field.Write(_frame, (ulong)expected);
            }
        }
    }

    /// <summary>Writes an engineering value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not fit; the message names the field.</exception>
    public PacketBuilder Set(FieldLayout field, double value) => SetRaw(field, field.FromNumber(value));

    /// <summary>Writes an engineering value; one beyond the range becomes the nearest in it.</summary>
    public PacketBuilder SetSaturated(FieldLayout field, double value) => SetRaw(field, field.FromNumberSaturated(value));

    public PacketBuilder Set(FieldLayout field, bool value) => SetRaw(field, value ? 1UL : 0);

    /// <exception cref="ArgumentOutOfRangeException">Before 2017 or after 2153.</exception>
    public PacketBuilder Set(FieldLayout field, DateTimeOffset value) =>
        SetRaw(field, field.Kind is FieldKind.Seconds ? MissionTime.ToSeconds(value) : MissionTime.ToFine(value));

    /// <summary>Writes a code by its table's entry; an entry of null is an error of the caller's data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The table has no such entry.</exception>
    public PacketBuilder Set(FieldLayout field, CodeEntry? code) =>
        SetRaw(field, (ulong)(code ?? throw new ArgumentOutOfRangeException(field.Name, $"{field.Name}: the table '{field.TableName}' has no such entry")).Code);

    /// <summary>Writes raw bits, whatever they mean: also for packets that shall be wrong.</summary>
    public PacketBuilder SetRaw(FieldLayout field, ulong raw)
    {
        field.Write(_frame, raw);
        return this;
    }

    /// <summary>The finished frame.</summary>
    /// <param name="sequenceCount">Taken modulo 16384.</param>
    /// <param name="packetTime">Cut off to whole seconds.</param>
    public byte[] Build(int sequenceCount, DateTimeOffset packetTime)
    {
        SetRaw(_layout[HeaderFields.SequenceCount.Name], (ulong)sequenceCount & 0x3FFF);
        Set(_layout[HeaderFields.PacketTime.Name], packetTime);
        VhfFrame.Seal(_frame);
        return (byte[])_frame.Clone();
    }
}
