using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Store;
using EdgeDropBack.Tests.Library;
using EdgeDropBack.Tests.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>Training from a seed: `edb train`.</summary>
public sealed class ScratchTests
{
    [Fact]
    public void TheSeedOfTheRunIsThatOfTheWeightsAndTheStoreHasIt()
    {
        using var folder = new TemporaryFolder();
        var own = Run(folder, null);
        Assert.Equal(3u, own.Seed);
        Assert.Equal(3u, SparseStore.Open(folder["s.edb"]).BaseSeed);
        var other = Run(folder, 9);
        Assert.Equal(9u, other.Seed);
        Assert.Equal(9u, SparseStore.Open(folder["s.edb"]).BaseSeed);
        Assert.NotEqual(own.Store.Sha256, other.Store.Sha256);
        Assert.True(other.Loss.Last < other.Loss.First);
    }

    [Fact]
    public void AFileOfThatSeedTrainsToTheSameWeights()
    {
        using var folder = new TemporaryFolder();
        Run(folder, 9);
        var reseeded = SparseStore.Open(folder["s.edb"]);
        ArchitectureTests.Write(folder, "mnist-100-100", new(9));
        Run(folder, null, fresh: false);
        var written = SparseStore.Open(folder["s.edb"]);
        Assert.Equal(reseeded.Tracked.Tensors.SelectMany(t => t.Values.ToArray()), written.Tracked.Tensors.SelectMany(t => t.Values.ToArray()));
    }

    [Fact]
    public void AFileOfSeveralSeedsIsTrainedFromOneOrAsItIsNeverAsAnother()
    {
        using var folder = new TemporaryFolder();
        var model = ArchitectureTests.Write(folder, "mnist-100-100", new(7));
        var bytes = File.ReadAllBytes(model);
        ReadOnlySpan<byte> call = [0x0A, 4, (byte)'s', (byte)'e', (byte)'e', (byte)'d', 0xA0, 1, 2, 0x18, 7];
        bytes[bytes.AsSpan().LastIndexOf(call) + call.Length - 1] = 9;
        File.WriteAllBytes(model, bytes);
        var refusal = Assert.Throws<EdbException>(() => Run(folder, null, fresh: false));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("several seeds (7, 9)", refusal.Message);
        Assert.Equal(7u, Run(folder, 7, fresh: false).Seed);

        Personalizer.Run(Options(folder, null) with { Store = folder["p.edb"] });
        Assert.Null(SparseStore.Open(folder["p.edb"]).BaseSeed);
        using var session = Inference.Open(model, folder["p.edb"], null);
        Assert.Equal([7u, 7u, 9u], session.Graph.Parameters.Select(p => p.Base).OfType<RegeneratedParameterBase>().Select(b => b.Regenerated.Seed));
    }

    [SkippableFact]
    public void ThePlainExportGivesTheSameLogitsInOnnxRuntime()
    {
        using var folder = new TemporaryFolder();
        Run(folder, 9);
        StoreExport.Export(folder["mnist-100-100.onnx"], folder["s.edb"], folder["plain.onnx"]);
        var (x, _) = Fashion.Batch(16);
        using (var session = Inference.Open(folder["mnist-100-100.onnx"], folder["s.edb"], null, batch: 16))
            Logits.AssertClose(OrtModel.Run(folder["plain.onnx"], x, 16, 1, 28, 28).Values, Logits.Of(session, x), 1e-5f);
        using (var exported = OnnxModel.Open(folder["plain.onnx"]))
        {
            Assert.Empty(exported.Functions);
            Assert.Equal(6, exported.Graph.Initializers.Count);
            Assert.DoesNotContain(BaseFunction.Domain, exported.Opsets.Keys);
            var graph = GraphImporter.Import(exported, new ImportOptions());
            Assert.All(graph.Parameters, p => Assert.Equal(BaseKind.Float32, p.Base.Kind));
        }
        OnnxChecker.Check(folder["plain.onnx"]);
    }

    [Fact]
    public void GoingOnTakesTheSeedOfTheStoreAndRefusesAnother()
    {
        using var folder = new TemporaryFolder();
        Run(folder, 9);
        File.Copy(folder["s.edb"], folder["first.edb"]);
        Assert.Equal(9u, Run(folder, null, folder["first.edb"]).Seed);
        var refusal = Assert.Throws<EdbException>(() => Run(folder, 8, folder["first.edb"]));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("seed 9, not 8", refusal.Message);
    }

    [Fact]
    public void AModelWithoutASeedIsRefusedWithBothWaysOut()
    {
        var refusal = Assert.Throws<EdbException>(() => Scratch.Options(new() { Model = Fashion.Model, Data = "none" }));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("edb new", refusal.Message);
        Assert.Contains("edb personalize", refusal.Message);
    }

    static PersonalizeResult Run(TemporaryFolder folder, uint? seed, string? from = null, bool fresh = true)
    {
        if (fresh && !File.Exists(folder["mnist-100-100.onnx"])) ArchitectureTests.Write(folder, "mnist-100-100", new(3));
        return Personalizer.Run(Scratch.Options(Options(folder, seed) with { From = from }));
    }

    static PersonalizeOptions Options(TemporaryFolder folder, uint? seed) => new()
    {
        Model = folder["mnist-100-100.onnx"],
        Data = Fashion.Part(folder["d.npz"], "user-train.npz", 0, 1),
        Session = new() { Batch = 50, Budget = Budget.Parse("2000"), BaseSeed = seed, Clip = 0, Threads = 1 },
        Rate = 0.1f,
        Epochs = 4,
        Score = ScoreMode.Global,
        Freeze = FreezePolicy.Parse("2e"),
        Store = folder["s.edb"],
        AcceptIf = AcceptRule.Parse(""),
    };
}
