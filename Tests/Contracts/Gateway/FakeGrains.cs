using System.Reflection;

namespace Svom.Contracts.Gateway;

/// <summary>Stands for the platform behind the door: hands out what a test put there, by grain interface.</summary>
public class FakeGrains : DispatchProxy
{
    private readonly Dictionary<Type, Func<object, object>> grains = [];

    /// <summary>Grains that were asked for, as interface and key.</summary>
    public IList<(Type Grain, object Key)> Asked { get; } = [];

    /// <summary>Stands before a grain, given its interface; null: nothing does.</summary>
    public Func<Type, object, object>? Before { get; set; }

    public static (IGrainFactory Factory, FakeGrains Fake) Make()
    {
        var factory = Create<IGrainFactory, FakeGrains>();
        return (factory, (FakeGrains)(object)factory);
    }

    public void Put<TGrain>(Func<object, TGrain> make)
        where TGrain : class => grains[typeof(TGrain)] = make;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Assert.Equal("GetGrain", targetMethod!.Name);
        var grain = targetMethod.GetGenericArguments()[0];
        lock (Asked)
        {
            Asked.Add((grain, args![0]!));
        }

        return grains.TryGetValue(grain, out var make) ? Before is { } before ? before(grain, make(args[0]!)) : make(args[0]!) : throw new InvalidOperationException($"secret of the insides: no {grain.Name}");
    }
}
