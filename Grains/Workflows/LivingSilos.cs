namespace Svom.Workflows;

/// <summary>Which incarnations of silos live, as far as this silo knows. One that nobody knows is dead: each start has an address of its own.</summary>
internal sealed class LivingSilos(ISiloStatusOracle oracle)
{
    /// <param name="incarnation">As a silo wrote its own address.</param>
    public bool IsAlive(string incarnation) => oracle.GetApproximateSiloStatus(SiloAddress.FromParsableString(incarnation)) is not (SiloStatus.None or SiloStatus.Dead);
}
