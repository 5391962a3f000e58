namespace Svom.EndToEnd;

/// <summary>Whole platforms run one after the other, and beside nothing else: their times are looked at.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PlatformCollection
{
    public const string Name = "whole platforms";
}
