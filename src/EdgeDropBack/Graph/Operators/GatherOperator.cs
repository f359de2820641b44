using System.Runtime.InteropServices;
using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Graphs;

/// <summary>
/// ONNX Gather over [outer, axis, inner]: input 1 holds whole numbers, negative ones from the end. Rows of a parameter (an embedding) are
/// read where they lie, and have gradients only where a sample touched them.
/// </summary>
/// <param name="axisIndex">The axis; those in front of it are <paramref name="outer"/> together.</param>
sealed class GatherOperator(int axisIndex, int outer, int axis, int inner) : Operator
{
    public override string Type => "Gather";

    public override bool TakesWeights(int input) => input == 0 && outer == 1;

    public override int RowDims(int input) => axisIndex + 1;

    public override ParameterRole RoleOf(int input) => input == 0 ? ParameterRole.Weight : ParameterRole.Other;

    public override int SavedFloats(Node node) => Places(node);

    /// <summary>The order of the places, two floats each, and a row.</summary>
    public override int WorkspaceFloats(Node node) => node.Inputs[0]!.Parameter is null ? 0 : 2 * Places(node) + inner;

    public override int WeightReads(Node node, int input) => outer == 1 ? Places(node) * inner : node.Inputs[input]!.Shape.Count;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c)
    {
        var indices = c.SavedIntegers;
        WholeNumbers.Indices(c, c.Input(1), axis, indices);
        if (c.IsWeights(0)) Layout.GatherRows(c.Weights(0), indices, c.Output(), inner);
        else Layout.Gather(c.Input(0), indices, c.Output(), outer, axis, inner);
    }

    public override void Backward(NodeContext c)
    {
        c.InputGradient(1).Clear();
        if (!c.Wants(0)) return;
        if (!c.IsWeights(0))
        {
            Layout.GatherBackward(c.OutputGradient(), c.SavedIntegers, c.InputGradient(0), outer, axis, inner);
            return;
        }
        var places = c.SavedIntegers;
        var order = MemoryMarshal.Cast<float, ulong>(c.Workspace[..(2 * places.Length)]);
        Layout.SortByRow(places, order);
        c.RowGradient(0, order, c.OutputGradient(), c.Workspace.Slice(2 * places.Length, inner));
    }

    /// <summary>Which rows are touched depends on the data: as many as places, evenly spread.</summary>
    internal override void ForwardAccesses(NodeAccesses c)
    {
        c.StreamForward();
        if (!c.IsWeights(0)) return;
        var places = Places(c.Node);
        for (var place = 0; place < places; place++)
            c.WeightsOrValues(0).Copy(c.Stream, Row(place, places) * inner, inner, c.Output().From((long)place * inner));
    }

    internal override void BackwardAccesses(NodeAccesses c)
    {
        if (!c.IsWeights(0) || !c.Wants(0))
        {
            c.StreamBackward();
            return;
        }
        c.Phase(TrafficPhase.BackwardWeight);
        var (places, workspace) = (Places(c.Node), c.Workspace!.Value);
        ElementwiseAccesses.Stream(c.Stream, [(c.Saved!.Value, places)], [(workspace, 2L * places)]);
        for (var place = 0; place < places; place++)
        {
            c.Stream.Read(c.OutputGradient(), (long)place * inner, inner);
            c.Stream.Write(workspace, 2L * places, inner);
            c.RowGradient(0, workspace.From(2L * places), (int)Row(place, places));
        }
    }

    long Row(int place, int places) => (long)place * axis / places;

    static int Places(Node node) => node.Inputs[1]!.Shape.Count;
}
