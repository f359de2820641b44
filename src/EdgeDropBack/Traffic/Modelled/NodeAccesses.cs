using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Training;

namespace EdgeDropBack.Traffic;

/// <summary>What an operator sees of a replayed step: the places of <see cref="NodeContext"/>'s spans.</summary>
sealed class NodeAccesses(CacheStream stream, ReplayMemory memory, StepGradients gradients, LayerMap layers)
{
    PlannedNode _planned = null!;
    PlannedBuffer? _workspace;

    public AccessStream Stream => stream;

    public bool IsRectified => _planned.IsRectified;

    public Node Node => _planned.Node;

    /// <summary>The place of an input's values; null where it is absent, or a parameter that is read through a weight source.</summary>
    public MemoryBlock? Input(int index)
    {
        if (index >= Node.Inputs.Count || Node.Inputs[index] is not { } value) return null;
        return value.Constant is { } constant ? memory.Constant(constant) : InArena(_planned.Inputs[index]);
    }

    public MemoryBlock Output(int index = 0) => memory.InArena(_planned.Outputs[index]!);

    public MemoryBlock OutputGradient(int index = 0) => memory.InArena(_planned.OutputGradients[index]!);

    public MemoryBlock? InputGradient(int index) => index < _planned.InputGradients.Length ? InArena(_planned.InputGradients[index]) : null;

    public MemoryBlock? Saved => InArena(_planned.Saved);

    public MemoryBlock? Workspace => InArena(_workspace);

    public bool Wants(int input)
        => input < Node.Inputs.Count && (_planned.InputGradients[input] is not null || _planned.WantsWeightGradient[input]);

    public bool IsWeights(int input) => Node.Inputs[input]?.Parameter is not null;

    public WeightAccesses WeightsOrValues(int input) => Node.Inputs[input]!.Parameter is { } parameter
        ? memory.Weights(parameter)
        : new() { BytesPerElement = sizeof(float), IsFloat32 = true, Base = Input(input)!.Value };

    /// <summary>What follows belongs to this part of the step.</summary>
    public void Phase(TrafficPhase phase) => stream.Place(phase, layers.Of(Node));

    /// <summary>As <see cref="NodeContext.WeightGradient"/>.</summary>
    public void WeightGradient(int input, MemoryBlock left, MemoryBlock right, int samples, float alpha)
    {
        var parameter = Node.Inputs[input]!.Parameter!;
        var (rows, columns) = (parameter.Rows, parameter.Columns);
        if (gradients.Sink(parameter) is { } sink)
            Kernels.WeightGradient.GemmAccesses(stream, left, rows, right, columns, samples, rows, columns, alpha, sink);
        else
            SampledGradient.GemmAccesses(stream, left, rows, right, columns, samples, rows, columns, memory.Weights(parameter),
                memory.Gradients(parameter));
    }

    /// <summary>As <see cref="NodeContext.ConvolutionGradient"/>.</summary>
    public void ConvolutionGradient(int input, MemoryBlock dy, MemoryBlock x, in ConvShape shape)
    {
        var parameter = Node.Inputs[input]!.Parameter!;
        if (gradients.Sink(parameter) is { } sink) Kernels.WeightGradient.ConvolutionAccesses(stream, dy, x, shape, sink);
        else SampledGradient.ConvolutionAccesses(stream, dy, x, shape, memory.Weights(parameter), memory.Gradients(parameter));
    }

    /// <summary>A row of <see cref="NodeContext.RowGradient"/>.</summary>
    public void RowGradient(int input, MemoryBlock gradient, int row)
    {
        var parameter = Node.Inputs[input]!.Parameter!;
        if (gradients.Sink(parameter) is { } sink)
        {
            sink.Tile(stream, gradient, parameter.Columns, row, 1, 0, parameter.Columns);
            return;
        }
        var (first, count) = memory.Weights(parameter).Within(stream, (long)row * parameter.Columns, parameter.Columns);
        if (count == 0) return;
        stream.Read(gradient, 0, parameter.Columns);
        stream.Write(memory.Gradients(parameter), first, count);
    }

    /// <summary>As <see cref="NodeContext.ParameterGradient"/>.</summary>
    public void ParameterGradient(Parameter parameter, MemoryBlock gradient)
    {
        if (gradients.Sink(parameter) is { } sink)
        {
            for (var row = 0; row < parameter.Rows; row += GradientTile.Rows)
                for (var column = 0; column < parameter.Columns; column += GradientTile.Columns)
                    sink.Tile(stream, gradient.From((long)row * parameter.Columns + column), parameter.Columns, row,
                        Math.Min(GradientTile.Rows, parameter.Rows - row), column, Math.Min(GradientTile.Columns, parameter.Columns - column));
            return;
        }
        foreach (var (entry, index) in memory.Weights(parameter).Entries())
        {
            stream.ReadBytes(memory.Weights(parameter).IndicesBlock, entry * (long)sizeof(ushort), sizeof(ushort));
            stream.Read(gradient, index, 1);
            stream.Write(memory.Gradients(parameter), entry, 1);
        }
    }

    /// <summary>Inputs and outputs side by side, for operators without a description of their own.</summary>
    public void StreamForward()
    {
        var reads = new List<(MemoryBlock, long)>();
        var writes = new List<(MemoryBlock, long)>();
        for (var i = 0; i < Node.Inputs.Count; i++)
            if (Input(i) is { } input) reads.Add((input, Node.Inputs[i]!.Shape.Count));
        for (var o = 0; o < Node.Outputs.Count; o++) writes.Add((Output(o), Node.Outputs[o].Shape.Count));
        if (Saved is { } saved) writes.Add((saved, _planned.Saved!.Floats));
        ElementwiseAccesses.Stream(stream, reads.ToArray(), writes.ToArray());
    }

    /// <summary>What the operator says that its backward reads, beside the gradients.</summary>
    public void StreamBackward()
    {
        var reads = new List<(MemoryBlock, long)>();
        var writes = new List<(MemoryBlock, long)>();
        for (var o = 0; o < Node.Outputs.Count; o++)
        {
            reads.Add((OutputGradient(o), Node.Outputs[o].Shape.Count));
            if (Node.Operator.BackwardReadsOutput) reads.Add((Output(o), Node.Outputs[o].Shape.Count));
        }
        if (Saved is { } saved) reads.Add((saved, _planned.Saved!.Floats));
        for (var i = 0; i < Node.Inputs.Count; i++)
        {
            if (Node.Operator.BackwardReadsInput(i, Wants) && Input(i) is { } input) reads.Add((input, Node.Inputs[i]!.Shape.Count));
            if (InputGradient(i) is { } gradient) writes.Add((gradient, _planned.InputGradients[i]!.Floats));
        }
        ElementwiseAccesses.Stream(stream, reads.ToArray(), writes.ToArray());
    }

    public void Forward(PlannedNode planned)
    {
        (_planned, _workspace) = (planned, planned.Workspace);
        Phase(TrafficPhase.Forward);
        Node.Operator.ForwardAccesses(this);
    }

    public void Backward(PlannedNode planned)
    {
        (_planned, _workspace) = (planned, planned.BackwardWorkspace);
        Phase(TrafficPhase.BackwardData);
        for (var o = 0; o < planned.ZeroGradient.Length; o++)
            if (planned.ZeroGradient[o] && planned.OutputGradients[o] is { } zeroed) stream.Write(memory.InArena(zeroed), 0, zeroed.Floats);
        Node.Operator.BackwardAccesses(this);
        Phase(TrafficPhase.BackwardData);
        for (var i = 0; i < planned.AddTo.Length; i++)
            if (planned.AddTo[i] is { } sum)
                ElementwiseAccesses.Stream(stream, [(memory.InArena(planned.InputGradients[i]!), sum.Floats), (memory.InArena(sum), sum.Floats)],
                    [(memory.InArena(sum), sum.Floats)]);
    }

    MemoryBlock? InArena(PlannedBuffer? buffer) => buffer is null ? null : memory.InArena(buffer);
}
