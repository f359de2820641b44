using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>Where kernels read a parameter's present values.</summary>
interface IParameterValues
{
    WeightSource Source(Parameter parameter);
}
