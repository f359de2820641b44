using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Dropout: a view of its input unless the model is trained from a seed.</summary>
static class DropoutImport
{
    public static void Import(NodeImport n)
    {
        ImportShapes.Expect(n.OutputCount < 2 || n.Node.Outputs[1].Length == 0, "the output mask is not supported; remove what reads it");
        n.Emit(new ViewOperator("Dropout"), n.Shape(0), n.Value(0));
    }
}
