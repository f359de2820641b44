using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>The explicit dense baseline (`--mode dense`): a copy of every parameter, as ordinary SGD holds it.</summary>
sealed class DenseValues : IParameterValues
{
    readonly float[][] _values;

    public DenseValues(IReadOnlyList<Parameter> parameters)
    {
        _values = new float[parameters.Count][];
        foreach (var parameter in parameters)
        {
            _values[parameter.Ordinal] = GC.AllocateUninitializedArray<float>(parameter.Count);
            parameter.Source().CopyTo(0, _values[parameter.Ordinal]);
        }
    }

    public float[] this[Parameter parameter] => _values[parameter.Ordinal];

    public WeightSource Source(Parameter parameter) => WeightSource.Float32(_values[parameter.Ordinal]);
}
