using System.Diagnostics;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>Takes the time between the executor's reports: a stopwatch by node.</summary>
struct BenchMeter(int nodes, int steps) : ITrafficMeter
{
    readonly long[][] _forward = Table(nodes, steps), _backward = Table(nodes, steps);
    readonly long[] _rest = new long[steps];
    long _last;
    int _step;

    public void Start() => _last = Stopwatch.GetTimestamp();

    public void Forward(PlannedNode node) => _forward[node.Index][_step] += Lap();

    public void Loss(TrainingPlan plan) => _rest[_step] += Lap();

    public void Backward(PlannedNode node, bool sampled) => _backward[node.Index][_step] += Lap();

    public readonly void Select(int before, int after, int entered)
    {
    }

    public readonly void Update(long weights, int optimizerFloats)
    {
    }

    public void EndStep()
    {
        _rest[_step] += Lap();
        _step++;
    }

    public readonly double ForwardMilliseconds(int node) => Median(_forward[node]);

    public readonly double FastestForwardMilliseconds(int node) => Milliseconds(_forward[node].Min());

    public readonly double BackwardMilliseconds(int node) => Median(_backward[node]);

    public readonly double RestMilliseconds() => Median(_rest);

    long Lap()
    {
        var now = Stopwatch.GetTimestamp();
        var lap = now - _last;
        _last = now;
        return lap;
    }

    static long[][] Table(int nodes, int steps) => [.. Enumerable.Range(0, nodes).Select(_ => new long[steps])];

    static double Median(long[] ticks)
    {
        var sorted = ticks.Order().ToArray();
        return Milliseconds(sorted[sorted.Length / 2]);
    }

    static double Milliseconds(long ticks) => ticks * 1e3 / Stopwatch.Frequency;
}
