namespace Svom.EventStore;

/// <summary>The silos of the cluster as this one sees them. Names are those of incarnations: a process that starts again has another.</summary>
/// <param name="Version">Grows with each change.</param>
/// <param name="Active">Silos that share the work, in one order everywhere.</param>
/// <param name="Alive">Silos not known to be dead: also those that come or go.</param>
internal sealed record SiloView(long Version, IReadOnlyList<string> Active, IReadOnlySet<string> Alive);

/// <summary>Who is there. A port, so that tests need no cluster.</summary>
internal interface ISiloRoll
{
    /// <summary>Name of this silo's incarnation.</summary>
    string Self { get; }

    SiloView Now { get; }

    /// <summary>Completes when the view is newer than a version.</summary>
    Task ChangedAsync(long version, CancellationToken cancellationToken);
}

/// <summary>The roll that Orleans keeps.</summary>
internal sealed class ClusterRoll(IClusterMembershipService membership, ILocalSiloDetails silo) : ISiloRoll
{
    public string Self => NameOf(silo.SiloAddress);

    public SiloView Now
    {
        get
        {
            var snapshot = membership.CurrentSnapshot;
            var members = snapshot.Members.Values;
            return new(
                snapshot.Version.Value,
                [.. members.Where(static member => member.Status == SiloStatus.Active).Select(static member => NameOf(member.SiloAddress)).Order(StringComparer.Ordinal)],
                members.Where(static member => member.Status is not (SiloStatus.Dead or SiloStatus.None)).Select(static member => NameOf(member.SiloAddress)).ToHashSet(StringComparer.Ordinal));
        }
    }

    /// <summary>Address and generation: two incarnations never share it.</summary>
    public static string NameOf(SiloAddress address) => address.ToParsableString();

    public async Task ChangedAsync(long version, CancellationToken cancellationToken)
    {
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
        {
            if (snapshot.Version.Value > version)
            {
                return;
            }
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken); // The roll is closed: the silo stops.
    }
}
