namespace Svom.Support;

/// <summary>Counts calls to grains of a class that have come as far as their first wait, such as that for the grain's inbox.</summary>
internal sealed class Arrivals<TGrain> : IIncomingGrainCallFilter, IDisposable
{
    private readonly SemaphoreSlim come = new(0);
    private int expected;

    public void Dispose() => come.Dispose();

    public void Expect(int calls) => expected = calls;

    public async Task AllAsync()
    {
        for (var n = expected; n > 0; n--)
        {
            await come.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var call = context.Invoke();
        if (expected > 0 && context.Grain is TGrain)
        {
            come.Release();
        }

        await call;
    }
}
