using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>The accesses of <see cref="DenseGradients"/> and <see cref="DenseUpdate"/>.</summary>
sealed class DenseUpdateAccesses(ReplayMemory memory, IReadOnlyList<Parameter> trained, int slots, bool clips) : StepGradients
{
    public override GradientSinkAccesses Sink(Parameter parameter) => new CopySink(memory.Gradients(parameter), parameter.Columns);

    public override void Apply(CacheStream s, LayerMap layers)
    {
        foreach (var parameter in trained)
        {
            if (!clips) break;
            s.Place(TrafficPhase.Update, layers.Of(parameter));
            s.Read(memory.Gradients(parameter), 0, parameter.Count);
        }
        foreach (var parameter in trained)
        {
            s.Place(TrafficPhase.Update, layers.Of(parameter));
            var (count, weights) = ((long)parameter.Count, memory.Weights(parameter).Base);
            var state = Enumerable.Range(0, slots).Select(slot => (memory.State(slot), count)).ToArray();
            ElementwiseAccesses.Stream(s, [(memory.Gradients(parameter), count), (weights, count), .. state], [(weights, count), .. state]);
        }
    }

    sealed class CopySink(MemoryBlock gradient, int parameterColumns) : GradientSinkAccesses
    {
        public override void Tile(AccessStream s, MemoryBlock tile, int stride, int row, int rows, int column, int columns)
        {
            for (var r = 0; r < rows; r++)
            {
                s.Read(tile, (long)r * stride, columns);
                s.Write(gradient, (long)(row + r) * parameterColumns + column, columns);
            }
        }
    }
}
