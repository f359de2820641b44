using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>The dense baseline's update: every weight, with dense gradients and dense optimizer state.</summary>
sealed class DenseUpdate
{
    const int GatheredBases = 256;

    readonly TrainingSetup _setup;
    readonly Optimizer _optimizer;
    readonly float[][] _first, _second;

    public DenseUpdate(TrainingSetup setup, Optimizer optimizer)
    {
        (_setup, _optimizer) = (setup, optimizer);
        Values = new DenseValues(setup.Graph.Parameters);
        Gradients = new DenseGradients(setup.Trainable, setup.Graph.Parameters.Count);
        _first = [.. setup.Trainable.Select(p => new float[optimizer.Slots > 0 ? p.Count : 0])];
        _second = [.. setup.Trainable.Select(p => new float[optimizer.Slots > 1 ? p.Count : 0])];
    }

    public DenseValues Values { get; }

    public DenseGradients Gradients { get; }

    /// <summary>All first moments, then all second ones; empty without optimizer state.</summary>
    public IReadOnlyList<float[]> State => [.. _first.Concat(_second).Where(s => s.Length > 0)];

    public double SumOfSquares()
    {
        var sum = 0.0;
        for (var p = 0; p < _setup.Trainable.Count; p++) sum += Reduction.SumOfSquares(Gradients[_setup.Trainable[p]]);
        return sum;
    }

    public void Apply(float clip)
    {
        var unused = 0f;
        for (var p = 0; p < _setup.Trainable.Count; p++)
        {
            var (values, gradients) = (Values[_setup.Trainable[p]], Gradients[_setup.Trainable[p]]);
            var factor = _optimizer.WeightDecay == 0f ? clip : Pull(_setup.Trainable[p], values, gradients, clip);
            if (_optimizer.Slots == 0)
            {
                Elementwise.Descend(_setup.Workers, gradients, factor, _optimizer.Rate, values);
                continue;
            }
            for (var i = 0; i < values.Length; i++)
            {
                ref var first = ref _first[p].Length > 0 ? ref _first[p][i] : ref unused;
                ref var second = ref _second[p].Length > 0 ? ref _second[p][i] : ref unused;
                values[i] = _optimizer.Next(values[i], gradients[i] * factor, ref first, ref second);
            }
        }
    }

    /// <summary>Clips the gradients and pulls the weights towards their base.</summary>
    /// <returns>1: nothing is left to clip.</returns>
    float Pull(Parameter parameter, float[] values, float[] gradients, float clip)
    {
        var source = parameter.Source();
        Span<float> bases = stackalloc float[GatheredBases];
        for (var start = 0; start < values.Length; start += GatheredBases)
        {
            var chunk = bases[..Math.Min(GatheredBases, values.Length - start)];
            source.CopyTo(start, chunk);
            for (var i = 0; i < chunk.Length; i++)
                gradients[start + i] = _optimizer.Pulled(gradients[start + i] * clip, values[start + i], chunk[i]);
        }
        return 1f;
    }
}
