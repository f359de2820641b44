using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Transpose.</summary>
sealed class TransposeOperator(Shape input, int[] permutation) : Operator
{
    readonly StridedView _forward = StridedView.Transpose(input.ToArray(), permutation);
    readonly StridedView _backward = StridedView.Transpose([.. permutation.Select(p => input[p])], Inverse(permutation));

    public override string Type => "Transpose";

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c) => Layout.CopyView(c.Input(0), c.Output(), _forward);

    public override void Backward(NodeContext c) => Layout.CopyView(c.OutputGradient(), c.InputGradient(0), _backward);

    static int[] Inverse(int[] permutation)
    {
        var inverse = new int[permutation.Length];
        for (var i = 0; i < permutation.Length; i++) inverse[permutation[i]] = i;
        return inverse;
    }
}
