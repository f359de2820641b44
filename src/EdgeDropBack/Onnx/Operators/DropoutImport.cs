using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Dropout: a view of its input unless the model is trained from a seed.</summary>
static class DropoutImport
{
    public static void Import(NodeImport n)
    {
        n.Emit(n.Type(0), new ViewOperator("Dropout"), n.Shape(0), n.AnyValue(0));
        if (!n.Gives(1)) return;
        var ones = new float[n.Shape(0).Count];
        Array.Fill(ones, 1f);
        n.Bind(1, Operand.Of(n.Builder.ConstantValue(n.Node.Outputs[1], n.Shape(0), ones), OnnxDataType.Bool));
    }
}
