using System.Diagnostics;
using EdgeDropBack.Devices;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>
/// Times training steps on random data: cross-entropy, no clipping, batch norm with the file's statistics. Frozen steps track
/// positions drawn evenly from all trainable parameters.
/// </summary>
static class Bench
{
    const float Rate = 1e-4f;
    const uint InputStream = 0, LabelStream = 1, PositionStream = 2;

    /// <exception cref="EdbException">Exit code 3: the model cannot be trained; 2: an option does not fit it or this machine.</exception>
    public static BenchResult Run(BenchOptions options, CancellationToken cancel = default)
    {
        Check(options);
        using var session = TrainingSession.Open(options.Model, new SessionOptions
        {
            Batch = options.Batch,
            MicroBatch = options.MicroBatch,
            Budget = options.Budget,
            Mode = options.Mode == BenchMode.Dense ? TrainingMode.Dense : TrainingMode.DropBack,
            Clip = 0f,
            Seed = options.Seed,
            Threads = options.Threads,
            SampleShape = options.SampleShape,
        });
        FitMemory(session, options);
        options.Base.Put(session);
        if (options.Mode == BenchMode.Frozen) Freeze(session, session.Trainer, options.Seed);
        options.Base.Fade(session);
        var data = new BenchData(session, options.Seed, InputStream, LabelStream);
        var planned = Planned(session, options.Mode);
        var times = new double[options.Steps];
        var (cpu, measured) = Time(session.Trainer, data, options, times, cancel);
        var runAgain = data.Passes - options.Warmup - options.Steps;
        var memory = ProcessMemory.Read();
        var tracked = session.Trainer.Tracked?.Count ?? session.Setup.TrainableCount;
        var modelled = options.Profile is { } profile ? Modelled(session, options.Mode, DeviceProfile.Load(profile)) : null;
        var (layers, other) = options.Layers ? Layers(session, data, options, cancel) : (null, null);
        var peak = PeakRate.Measure();
        var metering = options.Metering ? MeteringBench.Run(session, options, (trainer, step) => Step(trainer, data, step), cancel) : null;
        return new()
        {
            Model = options.Model,
            Mode = Name(options.Mode),
            Batch = options.Batch,
            Threads = session.Workers.Count,
            Base = options.Mode == BenchMode.Dense ? "dense" : TrafficHeader.BaseNames(session.Graph),
            Kernels = KernelTable.Active,
            MicroBatches = session.Passes,
            RecomputedNodes = session.Trainer.Plan.Recomputed.Count(),
            Steps = options.Steps,
            Warmup = options.Warmup,
            StepsRunAgain = runAgain,
            Parameters = session.Graph.ParameterCount,
            Tracked = tracked,
            StepMilliseconds = Figures(times),
            CpuMilliseconds = cpu.TotalMilliseconds / options.Steps,
            Memory = new(planned + session.Workers.ScratchBytes, memory.Anonymous, memory.FileMapped, memory.PeakResident),
            PeakGigaflops = peak,
            Measured = measured,
            Modelled = modelled,
            Metering = metering,
            Layers = layers,
            OtherMilliseconds = other,
        };
    }

    /// <summary>As the command line calls it.</summary>
    public static string Name(BenchMode mode) => mode switch { BenchMode.Dense => "dense", BenchMode.Select => "select", _ => "frozen" };

    static void FitMemory(TrainingSession session, BenchOptions options)
    {
        if (options.MemoryLimit is not { } limit) return;
        Fit();
        session.GrowPackingBuffers();
        if (Fit() is var least && least > limit) throw MemoryPlan.Below(limit, least, options.Batch);

        long Fit()
        {
            var others = Planned(session, options.Mode) + session.Workers.ScratchBytes - session.ArenaBytes;
            return others + session.FitArena(limit - others, from: null);
        }
    }

    static void Check(BenchOptions options)
    {
        if (options.MicroBatch > 0 && options.Mode != BenchMode.Frozen)
            throw EdbException.Usage("--micro-batch adds up gradients of frozen weights; give --mode frozen, or leave it out");
        if (options.Threads < 0 || options.Threads > Environment.ProcessorCount)
            throw EdbException.Usage($"--threads {options.Threads} is outside 1 to {Environment.ProcessorCount}, the cores that this process may use");
        if (options.Steps < 1) throw EdbException.Usage($"--steps {options.Steps} is no whole number of 1 or more");
        if (options.Base != BaseOverride.None && options.Mode == BenchMode.Dense)
            throw EdbException.Usage("--base is what lies under tracked weights, and dense steps have none; leave it out");
        if (options.Warmup < 0) throw EdbException.Usage($"--warmup {options.Warmup} is no whole number of 0 or more");
    }

    static TimeFigures Figures(double[] milliseconds)
    {
        Array.Sort(milliseconds);
        return new(milliseconds[milliseconds.Length / 2], milliseconds[Math.Min(milliseconds.Length - 1, milliseconds.Length * 95 / 100)]);
    }

    /// <returns>Processor time of the steps that count.</returns>
    static (TimeSpan Cpu, MeasuredTraffic Measured) Time(ITrainer trainer, BenchData data, BenchOptions options, double[] times, CancellationToken cancel)
    {
        TimeSpan before = default;
        TrafficCounters? counters = null;
        for (var step = -options.Warmup; step < times.Length; step++)
        {
            if (step == 0) counters = TrafficCounters.Start();
            if (step == 0) before = Environment.CpuUsage.TotalTime;
            cancel.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            Step(trainer, data, step + options.Warmup);
            if (step >= 0) times[step] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        var cpu = Environment.CpuUsage.TotalTime - before;
        using (counters) return (cpu, counters!.Read(times.Length));
    }

    static void Step(ITrainer trainer, BenchData data, int step)
    {
        var loss = trainer.Step(data.Batch, Rate, step, data.Fill);
        if (!double.IsFinite(loss)) throw EdbException.Failed($"the loss of step {step} is {loss} on random data; the model's weights are too large to be trained on it");
    }

    static (IReadOnlyList<BenchLayer>? Layers, double? Other) Layers(TrainingSession session, BenchData data, BenchOptions options, CancellationToken cancel)
    {
        var indices = session.Trainer.Plan.Forward.Max(node => node.Index) + 1;
        var tracked = options.Mode == BenchMode.Dense ? null : session.NewTracked(session.BudgetCount, 0, updatable: options.Mode == BenchMode.Select);
        if (tracked is not null) tracked.CopyFrom(session.Trainer.Tracked!);
        var warmup = Math.Min(options.Warmup, 3);
        var trainer = new Trainer<BenchMeter>(session.Setup, new Optimizer(OptimizerKind.Sgd, 0f), tracked, new BenchMeter(indices, warmup + options.Steps));
        if (options.Mode == BenchMode.Frozen) trainer.Freeze();
        trainer.Threshold = session.Trainer.Threshold;
        for (var step = 0; step < warmup + options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            trainer.Meter.Start();
            Step(trainer, data, step);
        }
        ref var meter = ref trainer.Meter;
        var layers = new List<BenchLayer>();
        foreach (var planned in trainer.Plan.Forward)
        {
            var node = planned.Node;
            var (fastest, operations) = (meter.FastestForwardMilliseconds(planned.Index), 2.0 * node.Operator.MultiplyAdds(node));
            layers.Add(new(node.Name, planned.IsRectified ? node.Operator.Type + ", Relu" : node.Operator.Type, meter.ForwardMilliseconds(planned.Index),
                meter.BackwardMilliseconds(planned.Index), IsProduct(node) && fastest > 0 ? operations / fastest / 1e6 : 0));
        }
        return (layers, meter.RestMilliseconds());
    }

    static BenchTraffic Modelled(TrainingSession session, BenchMode mode, DeviceProfile profile)
    {
        var rules = CacheRules.Of(profile)
            ?? throw EdbException.Usage($"profile {profile.Name} has no caches, so that the modelled lens has nothing to say; choose a device");
        var trainer = session.Trainer;
        var options = new ReplayOptions { Candidates = trainer.Candidates, Entered = trainer.Entered, Passes = session.Passes };
        var step = ModelledLens.Predict(trainer.Plan, trainer.Tracked,
            mode switch { BenchMode.Dense => TrafficMode.Dense, BenchMode.Select => TrafficMode.Select, _ => TrafficMode.Frozen }, rules, options);
        return new(profile.Name, step.Totals.Read.Lines, step.Totals.Write.Lines, rules.Last.LineBytes, rules.ToString());
    }

    static bool IsProduct(Node node) => node.Operator is ConvOperator or GemmOperator or MatMulOperator;

    /// <summary>Tracks k positions drawn evenly without replacement, at their base values, and freezes them.</summary>
    static void Freeze(TrainingSession session, ITrainer trainer, uint seed)
    {
        var tracked = session.NewTracked(session.BudgetCount, 0, updatable: true);
        var (left, wanted, position) = (session.Setup.TrainableCount, (long)session.BudgetCount, 0L);
        tracked.BeginUpdate();
        foreach (var parameter in session.Setup.Trainable)
        {
            var source = parameter.Source();
            for (var i = 0; i < parameter.Count; i++, left--, position++)
            {
                if ((ulong)IndexedRandom.Hash(seed, PositionStream, (ulong)position) * (ulong)left >> 32 >= (ulong)wanted) continue;
                tracked.Append(parameter.Ordinal, i, source[i]);
                wanted--;
            }
        }
        tracked.Commit();
        trainer.Restore(tracked);
        trainer.Freeze();
    }

    static long Planned(TrainingSession session, BenchMode mode)
    {
        var inputs = (long)session.Graph.Inputs[0].Shape.Count * session.Passes;
        var bytes = session.ArenaBytes + inputs * sizeof(float) + MemoryPlan.RuntimeBytes;
        return bytes + mode switch
        {
            BenchMode.Dense => 2 * session.Graph.ParameterCount * sizeof(float),
            BenchMode.Select => session.BudgetCount * 12L + TopKSelector.Bytes(session.BudgetCount, session.Workers.Count, 0),
            _ => session.BudgetCount * (session.Passes > 1 ? 14L : 10L),
        };
    }
}
