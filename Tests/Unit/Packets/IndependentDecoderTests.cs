using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CsCheck;

namespace Svom.Packets;

/// <summary>A second decoder, written from the reference page alone, reads the same in every field.</summary>
public sealed class IndependentDecoderTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public async Task A_decoder_made_from_the_reference_page_reads_the_same()
    {
        Assert.SkipUnless(File.Exists(Python), "no /usr/bin/python3");
        var frames = PacketGenerators.Frames.Array[400].Single();
        var soup = Gen.Byte.Array[86].Array[frames.Length].Single();
        for (var n = 0; n < frames.Length; n += 4)
        {
            soup[n].CopyTo(frames[n], 12); // Every fourth frame is out of range all over.
            VhfFrame.Seal(frames[n]);
        }

        var lines = await DecodeAsync(frames);

        Assert.Equal(frames.Length, lines.Count);
        for (var n = 0; n < frames.Length; n++)
        {
            AssertSame(PacketView.Of(PacketDefinitions.Current.Decode(frames[n])), JsonDocument.Parse(lines[n]).RootElement);
        }
    }

    private static async Task<List<string>> DecodeAsync(byte[][] frames)
    {
        var root = Support.SolutionFolder.Path;
        var start = new ProcessStartInfo(Python, [Path.Combine(root, "Tests", "Python", "decode_packets.py"), Path.Combine(root, "docs", "reference", "packets.md")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var frame in frames)
        {
            await process.StandardInput.WriteLineAsync(Convert.ToHexString(frame));
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, string.Empty), (process.ExitCode, await errors));
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static void AssertSame(PacketView ours, JsonElement theirs)
    {
        Assert.Equal(ours.Kind.ToString(), theirs.GetProperty("kind").GetString());
        var fields = theirs.GetProperty("fields").EnumerateArray().ToList();
        Assert.Equal(ours.Fields.Count, fields.Count);
        foreach (var (our, their) in ours.Fields.Zip(fields))
        {
            Assert.Equal(our.Name, their.GetProperty("name").GetString());
            Assert.Equal(our.Raw, their.GetProperty("raw").GetUInt64());
            Assert.Equal(our.Unit, their.GetProperty("unit").GetString());
            Assert.True(our.InRange == their.GetProperty("in_range").GetBoolean(), $"{our}");
            var value = their.GetProperty("value");
            if (value.ValueKind is JsonValueKind.Number)
            {
                var number = double.Parse(our.Value, CultureInfo.InvariantCulture);
                Assert.Equal(value.GetDouble(), number, Math.Max(1e-12, Math.Abs(number) * 1e-11));
            }
            else
            {
                Assert.Equal(value.GetString(), our.Value);
            }
        }
    }
}
