using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Tests.Library;

/// <summary>Uses that the executor tells a meter of every node to poison what is dead after it.</summary>
readonly struct PoisonMeter(Poisoner poisoner) : ITrafficMeter
{
    public void Forward(PlannedNode node) => poisoner.After(node.ForwardTime);

    public void Loss(TrainingPlan plan) => poisoner.After(poisoner.LossTime);

    public void Backward(PlannedNode node, bool sampled) => poisoner.After(node.BackwardTime);

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
