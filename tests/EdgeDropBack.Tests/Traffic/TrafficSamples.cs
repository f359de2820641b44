using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Traffic;

/// <summary>The shipped model, or another, at batch 32 with a budget of 2%, on inputs that a counter makes up.</summary>
sealed class TrafficSamples : IDisposable
{
    public const int BatchSize = 32;

    /// <summary>Enough where steps are run.</summary>
    public const int SmallBatch = 4;

    readonly OnnxModel _model;
    readonly Workers _workers = new(1);
    readonly AlignedBuffer _arena;

    public TrafficSamples(int batch = BatchSize, string? model = null)
    {
        _model = OnnxModel.Open(model ?? Path.Combine(Repository.Root, "models", "fashion", "model.onnx"));
        Graph = GraphImporter.Import(_model, new ImportOptions { Batch = batch });
        LossValue = LossInput.Of(Graph, LossKind.CrossEntropy);
        Plan = Planner.ForTraining(Graph, LossValue, _ => true);
        Budget = (int)(Graph.ParameterCount / 50);
        Tracked = AlgorithmicLens.Spread(Graph, _ => true, Budget);
        _arena = new AlignedBuffer(Plan.ArenaFloats);
    }

    public Graph Graph { get; }

    public Value LossValue { get; }

    /// <summary>Of a dense or select step.</summary>
    public TrainingPlan Plan { get; }

    public int Budget { get; }

    /// <summary>By parameter ordinal.</summary>
    public int[] Tracked { get; }

    public TrafficComparison Compare() => AlgorithmicLens.Compare(Graph, LossValue, _ => true, Tracked);

    /// <summary>A set that tracks the first weights of every parameter, as many as <see cref="Tracked"/> says.</summary>
    public TrackedSet NewSet(int slots = 0)
    {
        var set = new TrackedSet([.. Graph.Parameters.Select(p => new TrackedTensor(p.Name, p.Count))], Budget, slots);
        set.BeginUpdate();
        foreach (var parameter in Graph.Parameters)
            for (var i = 0; i < Tracked[parameter.Ordinal]; i++) set.Append(parameter.Ordinal, i, parameter.Source()[i] + 0.01f);
        set.Commit();
        return set;
    }

    public Trainer<TMeter> NewTrainer<TMeter>(TrackedSet? tracked, TMeter meter, float momentum = 0f)
        where TMeter : struct, ITrafficMeter
    {
        var setup = new TrainingSetup(Graph, LossValue, [.. Graph.Parameters.Select(_ => true)], _arena, _workers);
        return new Trainer<TMeter>(setup, new Optimizer(OptimizerKind.Sgd, momentum), tracked, meter);
    }

    public void Run(ITrainer trainer, int steps, float rate = 0.05f)
    {
        var outputs = LossValue.Shape.Count / Graph.Batch;
        var batch = new Batch(Graph.Batch, outputs);
        for (var step = 0; step < steps; step++)
        {
            Array.Clear(batch.Targets);
            for (var i = 0; i < batch.Size; i++) (batch.Weights[i], batch.Targets[i * outputs + (i * 7 + step) % outputs]) = (1f, 1f);
            var seed = (uint)step;
            trainer.Step(batch, rate, step, (input, _) =>
            {
                var state = seed * 2654435761u + 12345u;
                for (var i = 0; i < input.Length; i++)
                {
                    state = state * 1664525u + 1013904223u;
                    input[i] = (state >> 8) / 16777216f;
                }
            });
        }
    }

    public void Dispose()
    {
        _arena.Dispose();
        _workers.Dispose();
        _model.Dispose();
    }
}
