using EdgeDropBack.Planning;

namespace EdgeDropBack.Traffic;

/// <summary>
/// Counts by the modelled lens while a trainer runs: every event replays the accesses of what just happened, from the same descriptions that
/// predict them. For checking predictions; it takes far more time than the step itself.
/// </summary>
/// <param name="operations">Floating-point operations of a step.</param>
sealed class ReplayCounter(StepReplay replay, CacheStream stream, TrafficMode mode, long operations = 0)
{
    int _last = int.MaxValue;

    /// <summary>What moved since <see cref="Clear"/>.</summary>
    public StepTraffic Counted => stream.ToTraffic(StepTraffic.Counted, mode, operations);

    public void Clear() => stream.Clear();

    internal void Forward(PlannedNode node)
    {
        if (node.ForwardTime <= _last) replay.FillInput();
        _last = node.ForwardTime;
        replay.Forward(node);
    }

    internal void Loss() => replay.Loss();

    internal void Backward(PlannedNode node) => replay.Backward(node);

    internal void Apply() => replay.Apply();
}
