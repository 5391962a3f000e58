using System.IO.Compression;
using System.Reflection;

namespace Svom.Documents;

/// <summary>All <c>.proto</c> files of the doors in one archive, the same octets at every start.</summary>
internal static class ProtoArchive
{
    private const string Prefix = "protos/";

    // The oldest time a zip entry can carry: a build's own time would change the octets.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly byte[] Octets = Pack(typeof(ProtoArchive).Assembly);

    private static byte[] Pack(Assembly assembly)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                var entry = archive.CreateEntry(name[Prefix.Length..].Replace('\\', '/'));
                entry.LastWriteTime = EntryTime;
                using var source = assembly.GetManifestResourceStream(name)!;
                using var target = entry.Open();
                source.CopyTo(target);
            }
        }

        return packed.ToArray();
    }
}
