using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

public sealed class GoldenStoreTests
{
    [Fact]
    public void TwentyStepsOfTheShippedExampleGiveTheGoldenStore()
    {
        using var folder = new TemporaryFolder();
        var result = Personalizer.Run(new()
        {
            Model = Fashion.Model,
            Data = Fashion.Shipped("user-train.npz"),
            Test = Fashion.Shipped("user-test.npz"),
            Retain = Fashion.Shipped("retain-test.npz"),
            Replay = Fashion.Shipped("replay.npz"),
            Labels = Fashion.Shipped("labels.txt"),
            Store = folder["golden.edb"],
            Steps = 20,
            Rate = 0.4f,
            Session = new() { Batch = 8, Seed = 1 },
        });
        Assert.True(GoldenStore.Sha256 == result.Store.Sha256, result.Store.Sha256);
        Assert.Equal(GoldenStore.Sha256, StoreFolder.Sha256(folder["golden.edb"]));
    }
}
