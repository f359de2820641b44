using System.Runtime.InteropServices;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Store;

namespace EdgeDropBack.Planning;

/// <summary>What an operator sees of a step: its inputs, outputs and gradients in the arena, and the weights it reads.</summary>
sealed class NodeContext
{
    readonly PlannedNode _planned;
    readonly StepEnvironment _environment;
    PlannedBuffer? _workspace;

    internal NodeContext(PlannedNode planned, StepEnvironment environment)
    {
        _planned = planned;
        _environment = environment;
    }

    public Node Node => _planned.Node;

    public Workers Workers => _environment.Workers;

    /// <summary>The forward is part of a training step (dropout drops, batch norm may use batch statistics).</summary>
    public bool IsTraining => _environment.IsTraining;

    /// <summary>A Relu follows and is part of this node: the forward writes what it gives, the backward reads <see cref="Output"/> for it.</summary>
    public bool IsRectified => _planned.IsRectified;

    /// <summary>Seed and counter of everything random in this step.</summary>
    public uint Seed => _environment.Seed;

    public int Step => _environment.Step;

    /// <summary>Values of an input; empty where it is absent.</summary>
    public ReadOnlySpan<float> Input(int index)
    {
        if (index >= Node.Inputs.Count || Node.Inputs[index] is not { } value) return default;
        return value.Constant is { } constant ? constant : Floats(_planned.Inputs[index]);
    }

    public Span<float> Output(int index = 0) => Floats(_planned.Outputs[index]);

    public ReadOnlySpan<float> OutputGradient(int index = 0) => Floats(_planned.OutputGradients[index]);

    internal Span<float> MutableOutputGradient() => Floats(_planned.OutputGradients[0]);

    internal PlannedBuffer? InputGradientBuffer(int index) => _planned.InputGradients[index];

    /// <summary>Where the backward writes the gradient of an input; empty where it is not wanted.</summary>
    public Span<float> InputGradient(int index)
        => index < _planned.InputGradients.Length && _planned.InputGradients[index] is { } buffer ? Floats(buffer) : default;

    /// <summary>The gradient of this input is wanted, by others or by the parameter that it is.</summary>
    public bool Wants(int input)
        => input < Node.Inputs.Count && (_planned.InputGradients[input] is not null || _planned.WantsWeightGradient[input]);

    /// <summary>Floats from forward to backward of this node.</summary>
    public Span<float> Saved => Floats(_planned.Saved);

    /// <summary>The same as integers.</summary>
    public Span<int> SavedIntegers => MemoryMarshal.Cast<float, int>(Saved);

    /// <summary>The same as bytes.</summary>
    public Span<byte> SavedBytes => MemoryMarshal.AsBytes(Saved);

    /// <summary>Scratch during one call.</summary>
    public Span<float> Workspace => Floats(_workspace);

    public bool IsWeights(int input) => Node.Inputs[input]?.Parameter is not null;

    /// <summary>The parameter at an input as kernels read it: base values with tracked values laid over them.</summary>
    public WeightSource Weights(int input) => _environment.Values.Source(Node.Inputs[input]!.Parameter!);

    /// <summary>The same for an operand that may also be an activation or a constant.</summary>
    public WeightSource WeightsOrValues(int input)
        => IsWeights(input) ? Weights(input) : WeightSource.Float32(Input(input));

    /// <summary>Forms alpha * left' x right as the gradient of the parameter at an input, in the form that is wanted of it.</summary>
    /// <param name="input">The parameter [rows, columns].</param>
    /// <param name="left">[samples, rows].</param>
    /// <param name="right">[samples, columns].</param>
    /// <param name="groups">Equal groups of rows, each with right sides of its own: then right is [samples, groups * columns].</param>
    public void WeightGradient(int input, ReadOnlySpan<float> left, ReadOnlySpan<float> right, int samples, float alpha = 1f, int groups = 1)
    {
        var parameter = Node.Inputs[input]!.Parameter!;
        var (rows, columns) = (parameter.Rows, parameter.Columns);
        var gradients = _environment.Gradients!;
        if (gradients.IsSampled)
        {
            var tracked = gradients.Tracked(parameter);
            SampledGradient.Grouped(Workers, left, rows, right, groups * columns, samples, groups, rows, columns, alpha,
                tracked.TileStarts, tracked.Indices, gradients.TrackedGradients(parameter));
        }
        else
        {
            Kernels.WeightGradient.Grouped(Workers, left, rows, right, groups * columns, samples, groups, rows, columns, alpha,
                gradients.Tiles(parameter));
        }
    }

    /// <summary>The same for a convolution's weights.</summary>
    /// <param name="dy">[batch, out channels, out height, out width].</param>
    /// <param name="x">[batch, in channels, in height, in width].</param>
    public void ConvolutionGradient(int input, ReadOnlySpan<float> dy, ReadOnlySpan<float> x, in ConvShape shape)
    {
        var parameter = Node.Inputs[input]!.Parameter!;
        var gradients = _environment.Gradients!;
        if (gradients.IsSampled)
        {
            var tracked = gradients.Tracked(parameter);
            SampledGradient.Convolution(Workers, dy, x, shape, tracked.TileStarts, tracked.Indices, gradients.TrackedGradients(parameter));
        }
        else
        {
            Kernels.WeightGradient.Convolution(Workers, dy, x, shape, gradients.Tiles(parameter));
        }
    }

    /// <summary>Forms the gradient of a parameter of which rows were gathered: of the touched rows alone, one at a time.</summary>
    /// <param name="order">[places] by row, as <see cref="Layout.SortByRow"/> leaves them.</param>
    /// <param name="dy">[places, columns].</param>
    /// <param name="row">[columns] of scratch.</param>
    internal void RowGradient(int input, ReadOnlySpan<ulong> order, ReadOnlySpan<float> dy, Span<float> row)
    {
        var parameter = Node.Inputs[input]!.Parameter!;
        var gradients = _environment.Gradients!;
        if (gradients.IsSampled)
        {
            SampledRows(gradients.Tracked(parameter), gradients.TrackedGradients(parameter), order, dy, row.Length);
            return;
        }
        var sink = gradients.Tiles(parameter);
        sink.BeginRows();
        for (int first = 0, end; first < order.Length; first = end)
        {
            end = Layout.EndOfRow(order, first);
            Layout.SumOfPlaces(dy, order[first..end], row);
            sink.Row(row, (int)(order[first] >> 32));
        }
    }

    static void SampledRows(TrackedValues tracked, Span<float> gradients, ReadOnlySpan<ulong> order, ReadOnlySpan<float> dy, int columns)
    {
        gradients.Clear();
        var entry = 0;
        for (int first = 0, end; first < order.Length && entry < gradients.Length; first = end)
        {
            end = Layout.EndOfRow(order, first);
            var start = (long)(order[first] >> 32) * columns;
            entry = tracked.FirstFrom(start);
            for (; entry < gradients.Length && tracked.IndexAt(entry) - start is var column && column < columns; entry++)
                foreach (var place in order[first..end]) gradients[entry] += dy[(int)(uint)place * columns + (int)column];
        }
    }

    /// <summary>Hands over the whole gradient of a parameter that was materialised.</summary>
    internal void ParameterGradient(Parameter parameter, Span<float> gradient)
    {
        var gradients = _environment.Gradients!;
        if (gradients.IsSampled)
        {
            var tracked = gradients.Tracked(parameter);
            var wanted = gradients.TrackedGradients(parameter);
            for (var entry = 0; entry < wanted.Length; entry++) wanted[entry] = gradient[(int)tracked.IndexAt(entry)];
            return;
        }
        var sink = gradients.Tiles(parameter);
        for (var row = 0; row < parameter.Rows; row += GradientTile.Rows)
        {
            var rows = Math.Min(GradientTile.Rows, parameter.Rows - row);
            for (var column = 0; column < parameter.Columns; column += GradientTile.Columns)
            {
                var columns = Math.Min(GradientTile.Columns, parameter.Columns - column);
                var start = row * parameter.Columns + column;
                sink.Tile(0, gradient.Slice(start, (rows - 1) * parameter.Columns + columns), parameter.Columns, row, rows, column, columns);
            }
        }
    }

    internal void RunForward()
    {
        _workspace = _planned.Workspace;
        Node.Operator.Forward(this);
    }

    internal void RunBackward()
    {
        _workspace = _planned.BackwardWorkspace;
        for (var o = 0; o < _planned.ZeroGradient.Length; o++)
            if (_planned.ZeroGradient[o]) Floats(_planned.OutputGradients[o]).Clear();
        Node.Operator.Backward(this);
        for (var i = 0; i < _planned.AddTo.Length; i++)
            if (_planned.AddTo[i] is { } sum) Elementwise.AddTo(Workers, Floats(_planned.InputGradients[i]), Floats(sum));
    }

    internal Span<float> Floats(PlannedBuffer? buffer)
        => buffer is null ? default : _environment.Arena.Slice(buffer.Offset, buffer.Floats);
}
