using EdgeDropBack.Planning;

namespace EdgeDropBack.Traffic;

/// <summary>Passes everything on to a <see cref="TrafficCounter"/>, which outlives the trainer. Changes no result.</summary>
readonly struct CountingMeter(TrafficCounter counter) : ITrafficMeter
{
    public TrafficCounter Counter => counter;

    public void Forward(PlannedNode node) => counter.Forward(node);

    public void Loss(TrainingPlan plan) => counter.Loss(plan);

    public void Backward(PlannedNode node, bool sampled) => counter.Backward(node, sampled);

    public void Select(int before, int after, int entered) => counter.Select(entered);

    public void Update(long weights, int optimizerFloats) => counter.Update(optimizerFloats);

    public void EndStep() => counter.EndStep();
}
