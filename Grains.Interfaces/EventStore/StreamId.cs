using System.Text;

namespace Svom.EventStore;

/// <summary>Name of one stream of records: <c>kind/key</c>, for example <c>burst/sb26042105</c>.</summary>
/// <param name="Value">Kind, a slash, and the key of the grain that writes it. Compared by ordinal.</param>
public readonly record struct StreamId(string Value)
{
    /// <summary>Owed and due rows are spread over this many shards (design: hash mod 1024); the number is for ever.</summary>
    public const int ShardCount = 1024;

    /// <summary>The shard of this stream's owed and due rows: FNV-1a of the UTF-8 name, mod 1024. Stable across versions and machines.</summary>
    public int Shard
    {
        get
        {
            var hash = 2166136261u;
            foreach (var octet in Encoding.UTF8.GetBytes(Value))
            {
                hash = (hash ^ octet) * 16777619u;
            }

            return (int)(hash % ShardCount);
        }
    }

    public override string ToString() => Value;
}
