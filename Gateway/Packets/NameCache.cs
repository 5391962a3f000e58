using System.Text;

namespace Svom.Packets;

/// <summary>Reads station and session names: few distinct ones in a batch of thousands, so each is made a string once.</summary>
internal sealed class NameCache
{
    private const int LongestName = 64;
    private const int Kept = 32;

    private readonly List<(byte[] Octets, string Name)> names = [];
    private int last;

    /// <summary>What a name is, for a person.</summary>
    public const string Form = "1 to 64 letters, digits, '-', '_' or '.', beginning with a letter or digit";

    /// <returns><see langword="false"/> when the octets are no name.</returns>
    public bool TryRead(ReadOnlySpan<byte> octets, out string name)
    {
        if (last < names.Count && octets.SequenceEqual(names[last].Octets))
        {
            name = names[last].Name;
            return true;
        }

        for (var at = 0; at < names.Count; at++)
        {
            if (octets.SequenceEqual(names[at].Octets))
            {
                last = at;
                name = names[at].Name;
                return true;
            }
        }

        name = octets.Length is > 0 and <= LongestName && Ascii.IsValid(octets) ? Encoding.ASCII.GetString(octets) : "";
        if (!FeedId.IsName(name))
        {
            return false;
        }

        if (names.Count < Kept) // Bounded: a batch of made-up names must not turn every look-up into a long walk.
        {
            last = names.Count;
            names.Add((octets.ToArray(), name));
        }

        return true;
    }
}
