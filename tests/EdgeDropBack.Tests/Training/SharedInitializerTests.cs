using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Library;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>
/// One initializer in two roles, as exporters leave it after merging equal ones: every use that is not tied trains as in the model where
/// each role has an initializer of its own, and the export equals the session.
/// </summary>
public sealed class SharedInitializerTests
{
    const int Batch = 8, Features = 4, Classes = 3;

    static readonly string[] s_roles = ["bias", "scale", "shift", "mean", "variance"];

    public static TheoryData<string, string, bool, bool> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, bool, bool>();
            foreach (var first in s_roles)
                foreach (var second in s_roles)
                    foreach (var isCopied in new[] { false, true })
                    {
                        if (string.CompareOrdinal(first, second) < 0) pairs.Add($"{first}1", $"{second}1", isCopied, false);
                        pairs.Add($"{first}1", $"{second}2", isCopied, true);
                    }
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void TrainedStoredAndExportedAgree(string first, string second, bool isCopied, bool twoLayers)
    {
        using var folder = new TemporaryFolder();
        var (shared, apart) = (folder["shared.onnx"], folder["apart.onnx"]);
        Write(shared, [first, second], isCopied, twoLayers);
        Write(apart, [], false, twoLayers);
        var isTied = !isCopied && !IsStatistic(first) && !IsStatistic(second);

        using var session = TrainingSession.Open(shared, Options());
        var logits = Train(session);
        if (!isTied)
        {
            using var reference = TrainingSession.Open(apart, Options());
            Logits.AssertClose(Train(reference), logits, 1e-5f);
        }
        session.WriteTracked(folder["s.edb"]);
        using (var reopened = TrainingSession.Open(shared, Options()))
        {
            reopened.ReadTracked(folder["s.edb"]);
            Logits.AssertClose(logits, Logits.Of(reopened, Samples()), 0f);
        }
        session.Export(folder["export.onnx"]);
        Logits.AssertClose(logits, OrtModel.Run(folder["export.onnx"], Samples(), Batch, Features).Values, 1e-4f);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void GradientsEqualFiniteDifferences(string first, string second, bool isCopied, bool twoLayers)
    {
        var gradients = Gradients(Bytes([first, second], isCopied, twoLayers));
        var isTied = !isCopied && !IsStatistic(first) && !IsStatistic(second);
        foreach (var role in new[] { first, second }.Where(role => !IsStatistic(role)))
        {
            var expected = new float[Features];
            foreach (var part in isTied ? [first, second] : new[] { role })
                for (var i = 0; i < Features; i++) expected[i] += Difference(part, i, twoLayers);
            var name = isCopied && role == second ? "s.copy" : "s";
            Logits.AssertClose(expected, gradients[name], 2e-3f);
        }
    }

    [SkippableTheory]
    [InlineData(7)]
    [InlineData(3)]
    public void ExportsOfSharedInitializersPassTheChecker(long irVersion)
    {
        using var folder = new TemporaryFolder();
        foreach (var isCopied in new[] { false, true })
        {
            var model = folder[$"{isCopied}.onnx"];
            File.WriteAllBytes(model, Bytes(["shift1", "mean1"], isCopied, false, irVersion: irVersion));
            using var session = TrainingSession.Open(model, Options());
            Train(session);
            session.Export(folder["export.onnx"]);
            OnnxChecker.Check(folder["export.onnx"]);
        }
    }

    [Fact]
    public void FrozenStatisticsKeepTheirValuesWhenTheSharedShiftIsTrained()
    {
        using var folder = new TemporaryFolder();
        foreach (var isCopied in new[] { false, true })
        {
            Write(folder["m.onnx"], ["shift1", "mean1"], isCopied, false);
            using var session = TrainingSession.Open(folder["m.onnx"], Options() with { TrainBatchNorm = false });
            var logits = Train(session);
            session.Export(folder["export.onnx"]);
            Logits.AssertClose(logits, OrtModel.Run(folder["export.onnx"], Samples(), Batch, Features).Values, 1e-4f);
        }
    }

    [Fact]
    public void LayerNormsBehindIdentitiesTrainApart()
    {
        var b = new OnnxBuilder("norms", 8, 17);
        b.Input("x", OnnxDataType.Float, "N", Features).Output("y", OnnxDataType.Float, "N", Features);
        b.Initializer("ones", [1f, 1, 1, 1], Features).Initializer("zeros", new float[Features], Features);
        var value = "x";
        for (var layer = 0; layer < 5; layer++)
        {
            var (scale, shift, next) = (layer == 0 ? "ones" : $"scale{layer}", layer == 0 ? "zeros" : $"shift{layer}", layer == 4 ? "y" : $"h{layer}");
            if (layer > 0) b.Node("Identity", ["ones"], [scale]);
            if (layer > 0) b.Node("Identity", [layer == 1 ? "zeros" : $"shift{layer - 1}"], [shift]);
            b.Node("LayerNormalization", [value, scale, shift], [next]);
            value = next;
        }
        using var model = OnnxModel.Open(b.ToBytes());
        var graph = GraphImporter.Import(model, new ImportOptions { Batch = 2 });
        Assert.Equal(["zeros", "ones", "shift1", "scale1", "shift2", "scale2", "shift3", "scale3", "shift4", "scale4"], graph.Parameters.Select(p => p.Name));
        Assert.All(graph.Parameters, p => Assert.Equal(1, p.Readers));
    }

    static bool IsStatistic(string role) => role.StartsWith("mean", StringComparison.Ordinal) || role.StartsWith("variance", StringComparison.Ordinal);

    static SessionOptions Options() => new() { Batch = Batch, Budget = new(1, true), TrainBatchNorm = true, Threads = 1, Clip = 0 };

    static float[] Train(TrainingSession session)
    {
        for (var step = 0; step < 4; step++) session.Step(Samples(), Labels(), 0.2f);
        return Logits.Of(session, Samples());
    }

    static float[] Samples() => Draw(9, Batch * Features, 1f);

    static int[] Labels() => [.. Enumerable.Range(0, Batch).Select(i => i % Classes)];

    static float[] Draw(uint tensor, int count, float scale)
        => [.. Enumerable.Range(0, count).Select(i => ((IndexedRandom.Hash(5, tensor, (ulong)i) >> 8) * (2f / (1 << 24)) - 1f) * scale)];

    static void Write(string path, string[] merged, bool isCopied, bool twoLayers) => File.WriteAllBytes(path, Bytes(merged, isCopied, twoLayers));

    /// <summary>Layers of Gemm, BatchNormalization and Sigmoid; all vectors have equal values, so that merging changes no output.</summary>
    static byte[] Bytes(string[] merged, bool isCopied, bool twoLayers, (string Role, int Index, float Change)? moved = null, long irVersion = 7)
    {
        var b = new OnnxBuilder("g", irVersion, 14);
        b.Input("x", OnnxDataType.Float, "N", Features).Output("y", OnnxDataType.Float, "N", Classes);
        void Initializer(string name, float[] values, params long[] dims)
        {
            b.Initializer(name, values, dims);
            if (irVersion < 4) b.Input(name, OnnxDataType.Float, [.. dims.Select(dim => (OnnxDim)dim)]);
        }
        if (merged.Length > 0) Initializer("s", Vector(), Features);
        if (isCopied) b.Node("Identity", ["s"], ["s.copy"]);
        string Named(string role)
        {
            if (Array.IndexOf(merged, role) is var place and >= 0) return place == 1 && isCopied ? "s.copy" : "s";
            var values = Vector();
            if (moved is { } move && move.Role == role) values[move.Index] += move.Change;
            Initializer(role, values, Features);
            return role;
        }
        var value = "x";
        for (var layer = 1; layer <= (twoLayers ? 2 : 1); layer++)
        {
            Initializer($"w{layer}", Draw((uint)layer, Features * Features, 1f), Features, Features);
            b.Node("Gemm", [value, $"w{layer}", Named($"bias{layer}")], [$"h{layer}"]);
            b.Node("BatchNormalization", [$"h{layer}", .. new[] { "scale", "shift", "mean", "variance" }.Select(role => Named($"{role}{layer}"))], [$"n{layer}"]);
            b.Node("Sigmoid", [$"n{layer}"], [$"a{layer}"]);
            value = $"a{layer}";
        }
        Initializer("c", Draw(7, Features * Classes, 1f), Features, Classes);
        b.Node("MatMul", [value, "c"], ["y"]);
        return b.ToBytes();
    }

    static float[] Vector() => [0.7f, 1.1f, 0.9f, 1.3f];

    static float Difference(string role, int index, bool twoLayers)
    {
        const float Step = 1e-2f;
        return (float)((Loss(role, index, Step, twoLayers) - Loss(role, index, -Step, twoLayers)) / (2 * Step));
    }

    static double Loss(string role, int index, float change, bool twoLayers) => Probe(Bytes([], false, twoLayers, (role, index, change)), (_, _, loss) => loss);

    static Dictionary<string, float[]> Gradients(byte[] model)
        => Probe(model, (graph, probe, _) => graph.Parameters.ToDictionary(p => p.Name, p => probe.Gradients[p].ToArray()));

    static T Probe<T>(byte[] bytes, Func<Graph, GradientProbe, double, T> result)
    {
        using var model = OnnxModel.Open(bytes);
        var graph = GraphImporter.Import(model, new ImportOptions { Batch = Batch });
        using var workers = new Workers(1);
        using var probe = new GradientProbe(graph, LossKind.CrossEntropy, workers);
        Samples().CopyTo(probe.Input(graph.Inputs[0]));
        var batch = new Batch(Batch, Classes);
        Array.Fill(batch.Weights, 1f);
        for (var i = 0; i < Batch; i++) batch.Targets[i * Classes + Labels()[i]] = 1f;
        return result(graph, probe, probe.Run(batch));
    }
}
