namespace EdgeDropBack.Tests.Library;

/// <summary>Alone, since what the whole process allocates is measured.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationCollection
{
    public const string Name = "allocation";
}
