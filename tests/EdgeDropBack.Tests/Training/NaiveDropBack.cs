using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>
/// The authors' rule with dense arrays: an SGD step on every weight, |p - p0| for every weight, a full sort, and everything but the first k
/// back to its base. A weight at its base has moved by rate x |gradient|, which is its score without reading the base.
/// </summary>
sealed class NaiveDropBack : IDisposable, IParameterValues
{
    readonly Graph _graph;
    readonly Value _lossInput;
    readonly AlignedBuffer _arena;
    readonly Workers _workers = new(1);
    readonly Executor _executor;
    readonly DenseGradients _gradients;
    readonly float[][] _base, _weights;
    readonly float[] _scales;
    readonly Dictionary<(int, int), (float First, float Second)> _state = [];
    NoMeter _meter;

    public NaiveDropBack(OnnxModel model, int batch, float[] scales)
    {
        _graph = GraphImporter.Import(model, new ImportOptions { Batch = batch });
        _lossInput = LossInput.Of(_graph, LossKind.CrossEntropy);
        var plan = Planner.ForTraining(_graph, _lossInput, _ => true);
        _arena = new AlignedBuffer(plan.ArenaFloats);
        _executor = new Executor(plan, _arena, _workers, this);
        _gradients = new DenseGradients(_graph.Parameters, _graph.Parameters.Count);
        _base = [.. _graph.Parameters.Select(p => Enumerable.Range(0, p.Count).Select(i => p.Source()[i]).ToArray())];
        _weights = [.. _base.Select(b => (float[])b.Clone())];
        _scales = scales;
    }

    /// <summary>The tracked weights in order.</summary>
    public List<(int Ordinal, int Index)> Tracked { get; private set; } = [];

    public float this[int ordinal, int index] => _weights[ordinal][index];

    public (float First, float Second) State(int ordinal, int index) => _state.GetValueOrDefault((ordinal, index));

    public WeightSource Source(Parameter parameter) => WeightSource.Float32(_weights[parameter.Ordinal]);

    public void Step(float[] x, Batch batch, Optimizer optimizer, float rate, float clipNorm, int step, int k)
    {
        x.CopyTo(_executor.Values(_graph.Inputs[0]));
        _executor.Forward(ref _meter, isTraining: true);
        Loss.Forward(LossKind.CrossEntropy, _executor.Values(_lossInput), batch, _executor.GradientOf(_lossInput));
        foreach (var parameter in _graph.Parameters) _gradients[parameter].AsSpan().Clear();
        _executor.Backward(ref _meter, _gradients);
        optimizer.Begin(rate, step);
        var norm = Math.Sqrt(_graph.Parameters.Sum(SumOfSquares));
        var clip = clipNorm > 0 && norm > clipNorm ? (float)(clipNorm / norm) : 1f;

        var tracked = Tracked.ToHashSet();
        var moved = new List<(float Score, bool WasTracked, float Magnitude, int Ordinal, int Index, float Value, (float, float) State)>();
        foreach (var parameter in _graph.Parameters)
        {
            var gradients = _gradients[parameter];
            for (var i = 0; i < parameter.Count; i++)
            {
                var (ordinal, scale, start) = (parameter.Ordinal, _scales[parameter.Ordinal], _base[parameter.Ordinal][i]);
                if (tracked.Contains((ordinal, i)))
                {
                    var (first, second) = State(ordinal, i);
                    var value = optimizer.Next(_weights[ordinal][i], optimizer.Pulled(gradients[i] * clip, _weights[ordinal][i], start), ref first, ref second);
                    moved.Add((MathF.Abs(value - start) * scale, true, 0, ordinal, i, value, (first, second)));
                }
                else
                {
                    var magnitude = MathF.Abs(gradients[i]) * scale;
                    var value = MathF.FusedMultiplyAdd(-(rate * clip), gradients[i], start);
                    moved.Add((rate * clip * magnitude, false, magnitude, ordinal, i, value, default));
                }
            }
        }
        var kept = moved.Where(m => m.Score > 0)
            .OrderByDescending(m => m.Score).ThenByDescending(m => m.WasTracked).ThenByDescending(m => m.Magnitude)
            .ThenBy(m => m.Ordinal).ThenBy(m => m.Index).Take(k).ToArray();
        for (var p = 0; p < _base.Length; p++) _base[p].CopyTo(_weights[p], 0);
        _state.Clear();
        foreach (var m in kept)
        {
            _weights[m.Ordinal][m.Index] = m.Value;
            _state[(m.Ordinal, m.Index)] = m.State;
        }
        Tracked = [.. kept.Select(m => (m.Ordinal, m.Index)).Order()];
    }

    public void Dispose()
    {
        _workers.Dispose();
        _arena.Dispose();
    }

    /// <summary>In the order of the gradient tiles: every parameter here is one tile.</summary>
    double SumOfSquares(Parameter parameter)
    {
        Assert.True(parameter.Rows <= GradientTile.Rows && parameter.Columns <= GradientTile.Columns);
        var sum = 0.0;
        for (var row = 0; row < parameter.Rows; row++)
            sum += Reduction.SumOfSquares(_gradients[parameter].AsSpan(row * parameter.Columns, parameter.Columns));
        return sum;
    }
}
