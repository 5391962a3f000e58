using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Svom.EventStore;
using Svom.Outcomes;

namespace Svom.Notifications;

/// <summary>Reads the notice archive.</summary>
[StatelessWorker]
internal sealed class NoticeArchiveGrain(IEventStore store, TimeProvider time, IOptions<NotificationOptions> options) : Grain, INoticeArchiveGrain
{
    private const int ArchivePage = 100;

    public async Task<Outcome<Page<NoticeView>>> FindAsync(NoticeSearch search, CancellationToken cancellationToken)
    {
        var ascending = search.After is not null;
        long? before = null;
        long? after = search.After;
        if (search.Cursor is { } cursor)
        {
            // A sequence alone goes on upwards, so that it serves as "after" too; with a b before it, downwards.
            ascending = !cursor.StartsWith('b');
            if (!long.TryParse(ascending ? cursor : cursor[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            {
                return new Refusal(RefusalCode.Invalid, "The cursor is none of this list's.");
            }

            (before, after) = ascending ? ((long?)null, (long?)at) : (at, null);
        }

        var found = await store.SearchArchiveAsync(
            ArchivedNotice.Archive,
            new(search.Burst, search.Type, search.From, search.To, before, after, ascending, search.Limit),
            cancellationToken);
        var views = new List<NoticeView>(found.Count);
        foreach (var entry in found)
        {
            views.Add(await ViewAsync(entry, cancellationToken));
        }

        var next = ascending ? (found.Count > 0 ? found[^1].Sequence : after ?? 0).ToString(CultureInfo.InvariantCulture)
            : found.Count == search.Limit ? $"b{found[^1].Sequence}" : null;
        return new Page<NoticeView>([.. views], next);
    }

    public async Task<Outcome<NoticeView>> GetAsync(string id, CancellationToken cancellationToken) =>
        await store.ArchivedAsync(ArchivedNotice.Archive, id, cancellationToken) is { } entry ? await ViewAsync(entry, cancellationToken) : Unknown(id);

    public async Task<Outcome<NoticeContent>> ContentAsync(string id, NoticeForm form, CancellationToken cancellationToken)
    {
        if (await store.ArchivedAsync(ArchivedNotice.Archive, id, cancellationToken) is not { } entry)
        {
            return Unknown(id);
        }

        var notice = ArchivedNotice.Read(entry.Entry.Content);
        switch (form)
        {
            case NoticeForm.VoEvent:
                return new NoticeContent(notice.Xml, "application/xml", notice.XmlSha256);
            case NoticeForm.Gcn:
                return new NoticeContent(notice.Json, "application/json", notice.JsonSha256);
            default:
                return await PublishedAsync(id, cancellationToken) is { } published
                    ? new NoticeContent(published.Envelope, "application/json", Convert.ToHexStringLower(SHA256.HashData(published.Envelope)))
                    : new Refusal(RefusalCode.NotFound, $"Notice '{id}' was not published, so it has no envelope.");
        }
    }

    public async Task<ImmutableArray<PublishedAlert>> PublishedAsync(long after, int most, CancellationToken cancellationToken)
    {
        var alerts = new List<PublishedAlert>();
        var worthless = time.GetUtcNow() - options.Value.Expiry;
        await foreach (var (notice, sequence, published) in NewestPublishedAsync(after, cancellationToken))
        {
            if (published.Published <= worthless || alerts.Count == most)
            {
                break; // Outlets publish in the archive's order, so what lies before is older still.
            }

            alerts.Add(Topics.AlertOf(notice, sequence, published.Published, published.Envelope, options.Value.Expiry));
        }

        alerts.Reverse();
        return [.. alerts];
    }

    public async Task<long> PublishedHeadAsync(CancellationToken cancellationToken)
    {
        await foreach (var (_, sequence, _) in NewestPublishedAsync(0, cancellationToken))
        {
            return sequence;
        }

        return 0;
    }

    private async IAsyncEnumerable<(ArchivedNotice Notice, long Sequence, PublishedNotice Published)> NewestPublishedAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<ArchivedEntry> page;
        long? before = null;
        do
        {
            page = await store.SearchArchiveAsync(ArchivedNotice.Archive, new(Before: before, After: after, Limit: ArchivePage), cancellationToken);
            foreach (var (sequence, entry) in page)
            {
                before = sequence;
                var notice = ArchivedNotice.Read(entry.Content);
                if (notice.Sent && await PublishedAsync(notice.Id, cancellationToken) is { Echoed: not null } published)
                {
                    yield return (notice, sequence, published);
                }
            }
        }
        while (page.Count == ArchivePage);
    }

    private async Task<NoticeView> ViewAsync(ArchivedEntry entry, CancellationToken cancellationToken)
    {
        var notice = ArchivedNotice.Read(entry.Entry.Content);
        return notice.View(entry.Sequence, notice.Sent ? await PublishedAsync(notice.Id, cancellationToken) : null);
    }

    private Task<PublishedNotice?> PublishedAsync(string id, CancellationToken cancellationToken) => PublishedNotice.FindAsync(store, id, cancellationToken);

    private static Refusal Unknown(string id) => new(RefusalCode.NotFound, $"There is no notice '{id}'.");
}
