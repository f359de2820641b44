using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>After the freeze: one number for every tracked weight, k dot products a step.</summary>
/// <param name="adds">Gradients of several micro-batches are added up.</param>
sealed class SampledGradients(TrackedSet tracked, bool adds = false) : ParameterGradients
{
    readonly float[] _gradients = new float[tracked.Count];
    readonly float[] _sums = adds ? new float[tracked.Count] : [];

    public override bool IsSampled => true;

    /// <summary>[k] gradients in the order of the tracked set.</summary>
    public Span<float> All => adds ? _sums : _gradients;

    /// <summary>A step with micro-batches begins.</summary>
    public void Clear() => Array.Clear(_sums);

    /// <summary>A micro-batch is done.</summary>
    public void Add() => Elementwise.AddTo(_gradients, _sums);

    public override TrackedValues Tracked(Parameter parameter) => tracked[parameter.Ordinal];

    public override Span<float> TrackedGradients(Parameter parameter)
        => _gradients.AsSpan(tracked[parameter.Ordinal].Start, tracked[parameter.Ordinal].Count);
}
