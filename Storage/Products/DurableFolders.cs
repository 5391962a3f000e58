using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Svom.Products;

/// <summary>
/// Folders whose entries survive a power cut. A name that a rename or a new folder made is durable only once the folder above it is, which
/// on POSIX systems is asked for one by one. Windows keeps names in its journal and knows no such call.
/// </summary>
internal sealed class DurableFolders
{
    private readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);

    /// <summary>Makes a folder with all above it up to a root that is there; when it returns, they last.</summary>
    public void Make(string root, string folder)
    {
        if (folder == root || _made.ContainsKey(folder))
        {
            return;
        }

        var above = Path.GetDirectoryName(folder)!;
        Make(root, above);
        Directory.CreateDirectory(folder);
        Sync(above);
        _made[folder] = true; // After the call: whoever finds it here may rely on it.
    }

    /// <summary>What was renamed into a folder lasts from here on.</summary>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var handle = new SafeFileHandle(Open(System.Text.Encoding.UTF8.GetBytes(folder + '\0'), flags: 0), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException($"Folder {folder} can't be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        RandomAccess.FlushToDisk(handle);
    }

    // .NET opens no folders. Flags 0 is O_RDONLY on every POSIX system.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Open(byte[] path, int flags);
}
