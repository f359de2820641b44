using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.OnnxRuntime;

/// <summary>Told of every node that ran forward.</summary>
readonly struct NodeMeter(Action<PlannedNode> ran) : ITrafficMeter
{
    public void Forward(PlannedNode node) => ran(node);

    public void Loss(TrainingPlan plan)
    {
    }

    public void Backward(PlannedNode node, bool sampled)
    {
    }

    public void Select(int before, int after, int entered)
    {
    }

    public void Update(long weights, int optimizerFloats)
    {
    }

    public void EndStep()
    {
    }
}
