using System.Diagnostics;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>Takes steps of two trainers in turn, one with <see cref="CountingMeter"/> and one with <see cref="NoMeter"/>.</summary>
static class MeteringBench
{
    /// <param name="step">Takes a step of a trainer; its number is the second argument.</param>
    public static MeteringCost Run(TrainingSession session, BenchOptions options, Action<ITrainer, int> step, CancellationToken cancel)
    {
        var (metered, plain) = (Tracked(session, options), Tracked(session, options));
        ITrainer on = new Trainer<CountingMeter>(session.Setup, new Optimizer(OptimizerKind.Sgd, 0f), metered,
            new CountingMeter(new TrafficCounter(session.Graph, metered)));
        ITrainer off = new Trainer<NoMeter>(session.Setup, new Optimizer(OptimizerKind.Sgd, 0f), plain);
        if (options.Mode == BenchMode.Frozen) on.Freeze();
        if (options.Mode == BenchMode.Frozen) off.Freeze();
        var (with, without, shares) = (new double[options.Steps], new double[options.Steps], new double[options.Steps]);
        for (var pair = -options.Warmup; pair < options.Steps; pair++)
        {
            cancel.ThrowIfCancellationRequested();
            var meteredFirst = (pair & 1) == 0;
            var first = Milliseconds(step, meteredFirst ? on : off, pair + options.Warmup);
            var second = Milliseconds(step, meteredFirst ? off : on, pair + options.Warmup);
            if (pair < 0) continue;
            (with[pair], without[pair]) = meteredFirst ? (first, second) : (second, first);
            shares[pair] = with[pair] / without[pair] - 1;
        }
        return new(Median(without), Median(with), Median(shares));
    }

    static TrackedSet? Tracked(TrainingSession session, BenchOptions options)
    {
        if (options.Mode == BenchMode.Dense) return null;
        var tracked = session.NewTracked(session.BudgetCount, 0, updatable: options.Mode == BenchMode.Select);
        tracked.CopyFrom(session.Trainer.Tracked!);
        return tracked;
    }

    static double Milliseconds(Action<ITrainer, int> step, ITrainer trainer, int number)
    {
        var start = Stopwatch.GetTimestamp();
        step(trainer, number);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
