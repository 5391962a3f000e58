using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Svom.EventStore;

/// <summary>
/// How the records of one transition are written: an octet with the format's version, then a JSON array. JSON, because rows are
/// read for as long as the mission's archive is kept, by people too; unknown members are ignored, missing ones take their default.
/// </summary>
/// <param name="records">How records are written.</param>
/// <param name="byHand">Writes transitions that come by the thousand faster, in the same form; false, and nothing written, for those that it does not know.</param>
internal sealed class RecordFormat<TRecord>(JsonTypeInfo<TRecord[]> records, Func<Utf8JsonWriter, TRecord[], bool>? byHand = null)
{
    private const byte Version = 1;

    // The pen that nobody writes with just now. Two who write at once each have one, and one of them is kept.
    private Pen? _idle;

    public ReadOnlyMemory<byte> Encode(TRecord[] transition)
    {
        var pen = Interlocked.Exchange(ref _idle, null) ?? new(records.Options);
        var row = pen.Write(transition, records, byHand);
        if (pen.IsWorthKeeping)
        {
            _idle = pen;
        }

        return row;
    }

    public TRecord[] Decode(ReadOnlyMemory<byte> payload) =>
        payload.Span is [Version, ..]
            ? JsonSerializer.Deserialize(payload.Span[1..], records) ?? []
            : throw new InvalidDataException("A transition is written in a format that this version does not know: a newer version wrote this data folder.");

    /// <summary>A writer with its buffer: a transition is written every few microseconds, and its row is all that should be left of that.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "Its writer holds memory and nothing else.")]
    private sealed class Pen(JsonSerializerOptions options)
    {
        private const int Kept = 1 << 20;

        private readonly ArrayBufferWriter<byte> _buffer = new(1024);
        private readonly Utf8JsonWriter _writer = new(Stream.Null, new()
        {
            Encoder = options.Encoder,
            Indented = options.WriteIndented,
            MaxDepth = options.MaxDepth,
            SkipValidation = true,
        });

        /// <summary>False after a transition so large that its buffer is not to be held for the next.</summary>
        public bool IsWorthKeeping => _buffer.Capacity <= Kept;

        public byte[] Write(TRecord[] transition, JsonTypeInfo<TRecord[]> records, Func<Utf8JsonWriter, TRecord[], bool>? byHand)
        {
            _buffer.ResetWrittenCount();
            _buffer.Write([Version]);
            _writer.Reset(_buffer);
            if (byHand?.Invoke(_writer, transition) != true)
            {
                JsonSerializer.Serialize(_writer, transition, records);
            }

            _writer.Flush();
            return _buffer.WrittenSpan.ToArray();
        }
    }
}
