using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Svom.Notifications;

/// <summary>Outlets and how long their messages live.</summary>
public sealed class NotificationOptions
{
    public const string Section = "Svom:Notifications";

    /// <summary>Names of the outlets that every burst tells. Default: the embedded broker.</summary>
    [MinLength(1)]
    public string[] Outlets { get; set; } = ["mqtt"];

    /// <summary>An alert that a subscriber did not fetch within this time is worthless to it. Default: 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan Expiry { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Who follows notices waits so long for the envelope of a fresh one, then gets it without: an alert does not wait for an outlet that stands still. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan EnvelopeWithin { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A burst's retained state is removed this long after its last change. Default: 14 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan RetainState { get; set; } = TimeSpan.FromDays(14);
}

/// <summary>Refuses settings outside their ranges at the start.</summary>
[OptionsValidator]
public sealed partial class NotificationOptionsValidator : IValidateOptions<NotificationOptions>;

/// <summary>Where the REST door stands, as subscribers reach it: links in messages are absolute.</summary>
public interface IPublicAddress
{
    /// <summary>For example <c>http://127.0.0.1:8080</c>, without a slash at its end.</summary>
    string Root { get; }
}
