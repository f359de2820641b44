namespace EdgeDropBack.Kernels.Tests;

/// <summary>Tests that force micro-kernels by name share this collection, so that none runs while another switches.</summary>
[CollectionDefinition(Name)]
public sealed class KernelsCollection
{
    public const string Name = "micro-kernels";
}
