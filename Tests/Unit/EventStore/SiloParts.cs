using System.Net;
using Orleans.Runtime;

namespace Svom.EventStore;

/// <summary>Starts and stops parts of a silo without one.</summary>
internal sealed class SiloParts : ISiloLifecycle
{
    private readonly List<ILifecycleObserver> parts = [];

    public int HighestCompletedStage => int.MaxValue;

    public int LowestStoppedStage => int.MaxValue;

    public static async Task<SiloParts> StartAsync(params ILifecycleParticipant<ISiloLifecycle>[] participants)
    {
        var all = new SiloParts();
        Array.ForEach(participants, participant => participant.Participate(all));
        await Task.WhenAll(all.parts.Select(static part => part.OnStart(CancellationToken.None)));
        return all;
    }

    public async Task StopAsync() => await Task.WhenAll(parts.Select(static part => part.OnStop(CancellationToken.None)));

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        parts.Add(observer);
        return new Kept();
    }

    /// <summary>A silo by its name.</summary>
    internal sealed class Named(string name) : ILocalSiloDetails
    {
        public string Name => name;

        public string ClusterId => "test";

        public string DnsHostName => name;

        public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 1, 1);

        public SiloAddress GatewayAddress => SiloAddress;
    }

    private sealed class Kept : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
