using Svom.Ccsds;

namespace Svom.Support;

/// <summary>Gaps in what was heard.</summary>
public static class SequenceCounts
{
    /// <summary>Packets missing between two counts of one application, assuming less than a whole wrap was lost.</summary>
    public static int Missing(int previousCount, int count) => (count - previousCount - 1) & (SpacePacketHeader.SequenceModulus - 1);
}
