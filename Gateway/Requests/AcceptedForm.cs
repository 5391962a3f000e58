using Microsoft.Net.Http.Headers;

namespace Svom.Requests;

/// <summary>Chooses among the media types that a thing can be made in.</summary>
internal static class AcceptedForm
{
    /// <returns>The best of <paramref name="offers"/>, the earlier of equal ones; null when none is accepted.</returns>
    public static string? Of(IList<MediaTypeHeaderValue> accepted, params ReadOnlySpan<string> offers)
    {
        if (accepted.Count == 0)
        {
            return offers[0];
        }

        string? best = null;
        var bestQuality = 0.0;
        foreach (var offer in offers)
        {
            var media = new MediaTypeHeaderValue(offer);
            // The most specific range that matches says how welcome a type is.
            var range = accepted.Where(media.IsSubsetOf).OrderBy(static range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0).FirstOrDefault();
            var quality = range is null ? 0 : range.Quality ?? 1;
            (best, bestQuality) = quality > bestQuality ? (offer, quality) : (best, bestQuality);
        }

        return best;
    }
}
