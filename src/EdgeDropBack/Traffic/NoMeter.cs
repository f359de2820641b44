using EdgeDropBack.Planning;

namespace EdgeDropBack.Traffic;

/// <summary>Counts nothing and costs nothing.</summary>
struct NoMeter : ITrafficMeter
{
    public readonly void Forward(PlannedNode node)
    {
    }

    public readonly void Loss(TrainingPlan plan)
    {
    }

    public readonly void Backward(PlannedNode node, bool sampled)
    {
    }

    public readonly void Select(int before, int after, int entered)
    {
    }

    public readonly void Update(long weights, int optimizerFloats)
    {
    }

    public readonly void EndStep()
    {
    }
}
