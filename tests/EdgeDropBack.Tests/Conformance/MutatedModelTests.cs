using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>Models of the ONNX tests with bytes changed: the importer names what is wrong or makes a graph, and never throws anything else.</summary>
public sealed class MutatedModelTests
{
    const string Folder = "/usr/share/libonnx-testdata/data/node";

    [SkippableFact]
    public void ChangedBytesAreRefusedOrPlanned()
    {
        Skip.IfNot(Directory.Exists(Folder), $"{Folder} is not there: apt install libonnx-testdata");
        var state = 1u;
        uint Next(int below)
        {
            state = state * 1664525u + 1013904223u;
            return (state >> 8) % (uint)below;
        }
        foreach (var path in Directory.GetFiles(Folder, "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(path);
            for (var trial = 0; trial < 8; trial++)
            {
                var changed = bytes.ToArray();
                for (var change = 0; change <= trial / 4; change++) changed[Next(changed.Length)] = (byte)Next(256);
                try
                {
                    using var model = OnnxModel.Open(changed, path);
                    var (_, graph, problems) = GraphImporter.Inspect(model, new ImportOptions { Batch = 1 + trial % 3 });
                    Assert.Equal(graph is null, problems.Count > 0);
                    if (graph is not null) Assert.True(Planner.ForInference(graph).ArenaFloats >= 0);
                }
                catch (EdbException)
                {
                }
            }
        }
    }
}
