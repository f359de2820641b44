using EdgeDropBack.Planning;

namespace EdgeDropBack.Traffic;

/// <summary>Passes everything on to a <see cref="ReplayCounter"/>. Changes no result.</summary>
readonly struct ReplayMeter(ReplayCounter counter) : ITrafficMeter
{
    public void Forward(PlannedNode node) => counter.Forward(node);

    public void Loss(TrainingPlan plan) => counter.Loss();

    public void Backward(PlannedNode node, bool sampled) => counter.Backward(node);

    public void Select(int before, int after, int entered) => counter.Apply();

    public void Update(long weights, int optimizerFloats) => counter.Apply();

    public void EndStep()
    {
    }
}
