namespace EdgeDropBack.Kernels.Tests;

[Collection(KernelsCollection.Name)]
public sealed class KernelTableTests
{
    [Fact]
    public void ScalarIsAlwaysThereAndAnyKernelCanBeForced()
    {
        var active = KernelTable.Active;
        Assert.Contains("scalar", KernelTable.Supported);
        foreach (var name in KernelTable.Supported)
        {
            KernelTable.Force(name);
            Assert.Equal(name, KernelTable.Active);
        }
        KernelTable.Force(active);
    }

    [Fact]
    public void AnUnknownKernelIsRefusedWithTheOnesToChooseFrom()
    {
        var error = Assert.Throws<ArgumentException>(() => KernelTable.Force("sse9"));
        Assert.Contains("sse9", error.Message);
        Assert.Contains(string.Join(", ", KernelTable.Supported), error.Message);
    }
}
