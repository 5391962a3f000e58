namespace Svom.Sqlite;

/// <summary>Another process works in the data folder.</summary>
public sealed class DataFolderInUseException(string folder, Exception inner)
    : IOException($"The data folder '{folder}' is in use by another process. Stop that one, or choose another folder with --data.", inner);

/// <summary>
/// The folder of one platform, held for the life of the process: two writers of one store would each trust heads that the other moves.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _held;

    private DataFolder(string path, FileStream held) => (Path, _held) = (path, held);

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Makes the folder when missing and takes it.</summary>
    /// <exception cref="DataFolderInUseException">Somebody holds it.</exception>
    public static DataFolder Open(string folder)
    {
        var path = Directory.CreateDirectory(folder).FullName;
        try
        {
            // The operating system lets go of it however the process ends; the file itself stays and means nothing.
            return new(path, new(System.IO.Path.Combine(path, "svom.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new DataFolderInUseException(path, failure);
        }
    }

    /// <summary>Full path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _held.Dispose();
}
