using System.Collections.Immutable;
using MQTTnet;
using MQTTnet.Server;

namespace Svom.Notifications.Mqtt;

/// <summary>Topic filters of one session. Bounded in number and in length, since they are kept on the disk. Not thread-safe.</summary>
internal sealed class SubscriberFilters
{
    /// <summary>Characters of all filters of a session together: the longest topics of the platform have about sixty.</summary>
    public const int MostChars = 8 * 1024;

    private readonly Dictionary<string, SubscriberFilter> _byText = new(StringComparer.Ordinal);
    private int _chars;

    public int Count => _byText.Count;

    public ImmutableArray<SubscriberFilter> All => [.. _byText.Values];

    public bool Has(string filter) => _byText.ContainsKey(filter);

    public (bool Taken, bool Changed) Add(SubscriberFilter filter, int most)
    {
        if (_byText.TryGetValue(filter.Filter, out var known))
        {
            // What it was owed it is owed still: a client that subscribes again after each connection loses nothing by it.
            filter = filter with { Since = known.Since };
            _byText[filter.Filter] = filter;
            return (true, filter != known);
        }

        if (_byText.Count >= most || _chars + filter.Filter.Length > MostChars)
        {
            return (false, false);
        }

        _byText.Add(filter.Filter, filter);
        _chars += filter.Filter.Length;
        return (true, true);
    }

    public void Remove(string filter) => _chars -= _byText.Remove(filter) ? filter.Length : 0;

    public void Clear()
    {
        _byText.Clear();
        _chars = 0;
    }

    /// <summary>True when an alert is owed at least once by a filter that was there before it.</summary>
    public bool Owes(string topic, long sequence) => _byText.Values.Any(filter =>
        filter.Quality > 0 && filter.Since < sequence && MqttTopicFilterComparer.Compare(topic, filter.Filter) == MqttTopicFilterCompareResult.IsMatch);
}
