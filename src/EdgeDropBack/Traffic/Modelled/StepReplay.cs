using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Traffic;

/// <summary>A training step's accesses in the order in which <see cref="Training.Trainer{TMeter}"/> makes them.</summary>
sealed class StepReplay(TrainingPlan plan, ReplayMemory memory, StepGradients gradients, CacheStream stream, LayerMap layers, int passes = 1)
{
    readonly ExecutorAccesses _executor = new(plan, memory.Executor, stream);
    readonly NodeAccesses _nodes = new(stream, memory, gradients, layers);

    public void Run()
    {
        for (var pass = 0; pass < passes; pass++) Pass();
        Apply();
    }

    void Pass()
    {
        FillInput();
        foreach (var node in plan.Forward) Forward(node);
        Loss();
        foreach (var node in plan.Backward)
        {
            foreach (var again in node.Recomputed) Forward(again);
            Backward(node);
        }
    }

    public void FillInput()
    {
        stream.Place(TrafficPhase.Forward, layers.Input);
        foreach (var input in plan.Graph.Inputs)
            if (plan.ValueBuffers[input.Id] is { } buffer)
                ElementwiseAccesses.Stream(stream, [(memory.Samples, buffer.Floats)], [(memory.InArena(buffer), buffer.Floats)]);
    }

    public void Forward(PlannedNode node)
    {
        _executor.Dispatch(node, isForward: true);
        _nodes.Forward(node);
    }

    public void Loss()
    {
        var (logits, gradient) = (plan.ValueBuffers[plan.LossInput!.Id]!, plan.GradientBuffers[plan.LossInput.Id]!);
        stream.Place(TrafficPhase.Forward, layers.Loss);
        stream.Read(memory.InArena(logits), 0, plan.LossInput.Shape.Count);
        stream.Place(TrafficPhase.BackwardData, layers.Loss);
        stream.Write(memory.InArena(gradient), 0, plan.LossInput.Shape.Count);
    }

    public void Backward(PlannedNode node)
    {
        _executor.Dispatch(node, isForward: false);
        _nodes.Backward(node);
    }

    public void Apply() => gradients.Apply(stream, layers);
}
