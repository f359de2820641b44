using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>What is refused before it is walked or allocated; tools/hostile-times.sh measures how long that takes.</summary>
public sealed class HostileExtremesTests
{
    const long MostAllocated = 1 << 20;

    public static TheoryData<string> Names => [.. HostileExtremes.All.Select(extreme => extreme.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ExtremesAreRefusedWithoutWork(string name)
    {
        var (_, bytes, expected) = HostileExtremes.All.Single(extreme => extreme.Name == name);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Refusal(bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Contains(expected, message);
        Assert.StartsWith("hostile.onnx: ", message);
        Assert.InRange(allocated, 0, MostAllocated);
    }

    [Fact]
    public void AGraphAtTheLimitIsRead()
    {
        var b = new OnnxBuilder();
        b.Input("x0", OnnxDataType.Float, 1, 4).Output($"x{OnnxGraphReader.MaxNodes}", OnnxDataType.Float);
        for (var i = 0; i < OnnxGraphReader.MaxNodes; i++) b.Node("Relu", [$"x{i}"], [$"x{i + 1}"]);
        using var model = OnnxModel.Open(b.ToBytes());
        Assert.Equal(OnnxGraphReader.MaxNodes, GraphImporter.Import(model, new ImportOptions()).Nodes.Count);
    }

    static string Refusal(byte[] bytes)
    {
        try
        {
            using var model = OnnxModel.Open(bytes, "hostile.onnx");
            return string.Join("; ", GraphImporter.Inspect(model, new ImportOptions()).Problems.Select(problem => $"hostile.onnx: {problem}"));
        }
        catch (EdbException e)
        {
            return e.Message;
        }
    }
}
