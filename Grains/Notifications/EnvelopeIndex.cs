using System.Text;
using Svom.EventStore;

namespace Svom.Notifications;

/// <summary>Search rows of envelopes: an id is a digest, which says of itself to nobody what it stands for.</summary>
internal static class EnvelopeIndex
{
    private const string NoticeOf = "envelope-notice";

    /// <summary>Row that the commit of a sent notice sets, so that it is there before its envelope can be.</summary>
    public static IndexChange Row(string ivorn, string notice) => new(NoticeOf, Envelope.IdOf(ivorn).ToString(), Encoding.UTF8.GetBytes(notice));

    /// <summary>The notice of an envelope; null when this platform made no such envelope.</summary>
    public static async Task<string?> NoticeAsync(IEventStore store, Guid envelope, CancellationToken cancellationToken)
    {
        var key = envelope.ToString();
        return await store.IndexAsync(NoticeOf, key, key + '\0', 1, descending: false, cancellationToken) is [var row] ? Encoding.UTF8.GetString(row.Value.Span) : null;
    }
}
