using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class DatasetSplitTests
{
    static Dataset Labelled(params int[] labels)
    {
        using var folder = new TempFolder();
        NpzWriter.Write(folder["d.npz"],
        [
            ("x", NpyArray.From([.. labels.Select((_, i) => (float)i)], labels.Length, 1)),
            ("y", NpyArray.From([.. labels.Select(l => (long)l)], labels.Length)),
        ]);
        return DatasetLoader.Open(folder["d.npz"], DataTest.Options([1]));
    }

    [Fact]
    public void EachClassGivesItsShareAndThePartsAreDisjoint()
    {
        var labels = Enumerable.Range(0, 500).Select(i => i % 7 == 0 ? 2 : i % 3 == 0 ? 1 : 0).ToArray();
        var data = Labelled(labels);
        foreach (var fraction in new[] { 0.01, 0.2, 0.5, 0.99 })
        {
            var (train, held) = DatasetSplit.Split(data, fraction, 1);
            Assert.Equal(Enumerable.Range(0, 500), train.Indices.ToArray().Concat(held.Indices.ToArray()).Order());
            for (var c = 0; c < 3; c++)
            {
                var n = labels.Count(l => l == c);
                Assert.Equal(Math.Clamp((int)(n * fraction + 0.5), 1, n - 1), held.Labels!.Count(l => l == c));
            }
            for (var i = 0; i < held.Count; i++)
                Assert.Equal((float)held.Indices[i], DataTest.Sample(held, i)[0]);
        }
    }

    [Fact]
    public void TheSeedDecidesAndNothingElse()
    {
        var data = Labelled([.. Enumerable.Range(0, 100).Select(i => i % 2)]);
        var first = DatasetSplit.Split(data, 0.2, 7).HeldOut.Indices.ToArray();
        Assert.Equal(first, DatasetSplit.Split(data, 0.2, 7).HeldOut.Indices.ToArray());
        Assert.NotEqual(first, DatasetSplit.Split(data, 0.2, 8).HeldOut.Indices.ToArray());
    }

    [Fact]
    public void TheSplitOfASeedIsFixedForGood() =>
        Assert.Equal([2, 4], DatasetSplit.Split(Labelled(new int[10]), 0.2, 1).HeldOut.Indices.ToArray());

    [Fact]
    public void ASingleSampleIsForTrainingAndTwoAreShared()
    {
        var (train, held) = DatasetSplit.Split(Labelled(0, 1, 1), 0.2, 1);
        Assert.Equal([0, 1], train.Labels!.Order());
        Assert.Equal([1], held.Labels!);
        Assert.Contains("--test", DataTest.Refused(() => DatasetSplit.Split(Labelled(0, 1), 0.2, 1)));
    }

    [Fact]
    public void OrdersArePermutationsThatDifferByEpochAndSeed()
    {
        var a = new int[257];
        var b = new int[257];
        SampleOrder.Fill(a, 3, 0);
        Assert.Equal(Enumerable.Range(0, 257), a.Order());
        SampleOrder.Fill(b, 3, 0);
        Assert.Equal(a, b);
        SampleOrder.Fill(b, 3, 1);
        Assert.NotEqual(a, b);
        SampleOrder.Fill(b, 4, 0);
        Assert.NotEqual(a, b);
    }

    [Fact]
    public void EveryPositionIsAsLikelyAsEveryOther()
    {
        var counts = new int[5, 5];
        var order = new int[5];
        for (var epoch = 0; epoch < 10_000; epoch++)
        {
            SampleOrder.Fill(order, 1, epoch);
            for (var i = 0; i < 5; i++)
                counts[i, order[i]]++;
        }
        foreach (var count in counts)
            Assert.InRange(count, 1850, 2150);
    }
}
