namespace Svom.Support.Hostile;

/// <summary>Sends inputs by number from many hands at once; which hand takes which does not change any input.</summary>
internal static class AttackPace
{
    /// <summary>After this time no further piece is begun: a busy machine gets as many inputs as it can take.</summary>
    public static TimeSpan Most { get; set; } = TimeSpan.MaxValue;

    /// <param name="inputs">Numbers 0 to this.</param>
    /// <param name="piece">So many in a row are taken by one hand.</param>
    /// <param name="act">Takes the numbers from the first on, so many.</param>
    public static Task RunAsync(long inputs, int piece, int hands, Func<int, long, int, Task> act)
    {
        long next = -piece;
        var began = TimeProvider.System.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, hands).Select(hand => Task.Run(async () =>
        {
            for (var first = Interlocked.Add(ref next, piece); first < inputs && TimeProvider.System.GetElapsedTime(began) < Most; first = Interlocked.Add(ref next, piece))
            {
                await act(hand, first, (int)Math.Min(piece, inputs - first));
            }
        })));
    }
}
