using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>The base alone, with nothing tracked.</summary>
sealed class BaseValues : IParameterValues
{
    public WeightSource Source(Parameter parameter) => parameter.Source();
}
