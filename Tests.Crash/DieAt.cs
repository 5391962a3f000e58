using System.Diagnostics;
using Svom.Storage;

namespace Svom.Crash;

/// <summary>Kills the process at a step, as a power cut would: nothing is flushed, closed or said.</summary>
internal sealed class DieAt(StorageStep step, int time) : IStorageFaults
{
    private int _left = time;

    public void At(StorageStep at, object? subject)
    {
        if (at == step && Interlocked.Decrement(ref _left) == 0)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}

/// <summary>What the parent reads: one line an answer, written at once.</summary>
internal static class Said
{
    private static readonly Lock Gate = new();

    public static void Line(string line)
    {
        lock (Gate)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
