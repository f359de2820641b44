using EdgeDropBack.Data;
using EdgeDropBack.Tests.Library;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>Recurrent networks and encoders as PyTorch exports them hold to the laws of a step.</summary>
[Collection(AllocationCollection.Name)]
public sealed class SequenceTrainingTests
{
    const int WarmUp = 6, Attempts = 50;

    [Theory]
    [InlineData("lstm", false)]
    [InlineData("lstm", true)]
    [InlineData("gru", false)]
    [InlineData("rnn", true)]
    [InlineData("encoder", false)]
    [InlineData("encoder", true)]
    [InlineData("einsum", false)]
    public void AStepAllocatesNothingOnceWarm(string network, bool isFrozen)
    {
        var (x, labels) = Data(network);
        using var session = Open(network, x, threads: 2);
        float[] values = x.ReadFloats();
        session.Step(values, labels, 0.01f);
        if (isFrozen) session.Freeze();
        for (var i = 0; i < WarmUp; i++) session.Step(values, labels, 0.01f);
        var least = long.MaxValue;
        for (var attempt = 0; attempt < Attempts && least != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            session.Step(values, labels, 0.01f);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("rnn")]
    [InlineData("encoder")]
    [InlineData("einsum")]
    public void ThreadsDoNotChangeTheStoreAndTheLossFalls(string network)
    {
        using var folder = new TemporaryFolder();
        var (x, labels) = Data(network);
        var stores = new List<byte[]>();
        foreach (var threads in new[] { 1, 3 })
        {
            using var session = Open(network, x, threads);
            var first = session.Step(x.ReadFloats(), labels, 0.1f);
            var last = first;
            for (var step = 0; step < 10; step++) last = session.Step(x.ReadFloats(), labels, 0.1f);
            session.Freeze();
            for (var step = 0; step < 5; step++) last = session.Step(x.ReadFloats(), labels, 0.1f);
            Assert.True(last < first, $"loss {first}, then {last}");
            session.WriteTracked(folder["m.edb"]);
            stores.Add(File.ReadAllBytes(folder["m.edb"]));
        }
        Assert.Equal(stores[0], stores[1]);
    }

    static (NpyArray X, int[] Labels) Data(string network)
    {
        var folder = Path.Combine(Repository.Root, "tests", "references", network);
        return (NpzFile.Read(Path.Combine(folder, "input.npz"))["x"],
            [.. NpyReader.Read(Path.Combine(folder, "target.npy")).ReadInt64s("target").Select(label => (int)label)]);
    }

    static TrainingSession Open(string network, NpyArray x, int threads)
        => TrainingSession.Open(Path.Combine(Repository.Root, "tests", "references", network, "model.onnx"),
            new() { Batch = x.Shape[0], SampleShape = x.Shape[1..], Budget = Budget.Parse("5%"), Threads = threads });
}
