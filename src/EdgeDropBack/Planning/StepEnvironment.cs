using EdgeDropBack.Kernels;
using EdgeDropBack.Training;

namespace EdgeDropBack.Planning;

/// <summary>What all nodes of a running plan share.</summary>
sealed class StepEnvironment(AlignedBuffer arena, Workers workers, IParameterValues values)
{
    public AlignedBuffer Arena { get; } = arena;

    public Workers Workers { get; } = workers;

    public IParameterValues Values { get; } = values;

    /// <summary>Receives weight gradients; null while inferring.</summary>
    public ParameterGradients? Gradients { get; set; }

    public bool IsTraining { get; set; }

    public uint Seed { get; set; }

    public int Step { get; set; }
}
