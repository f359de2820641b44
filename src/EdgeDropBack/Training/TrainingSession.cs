using EdgeDropBack.Data;
using EdgeDropBack.Devices;
using EdgeDropBack.Files;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;
using EdgeDropBack.Prefixes;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>
/// A model open for training: the entry of the library for people with their own loop. Not safe for use from several threads at once.
/// <code>
/// using var session = TrainingSession.Open("model.onnx", new SessionOptions { Batch = 32 });
/// session.Step(x, labels, rate: 0.4f);      // x [32, ...] float32, labels [32]
/// session.Export("mine.onnx");
/// </code>
/// </summary>
public sealed class TrainingSession : IDisposable
{
    AlignedBuffer _arena;
    readonly TrackedTensor[] _tensors;
    readonly Batch _batch;
    Executor? _inference;
    IParameterValues? _inferenceValues;
    float[]? _held;
    BatchFill? _fill;
    int _step;

    TrainingSession(OnnxModel model, SessionOptions options, TrainableGraph opened)
    {
        (Model, Options, Graph, Prefix, Import) = (model, options, opened.Graph, opened.Prefix, opened.Import);
        ModelInputs.Only(model);
        WeightCheck.Require(model.Path, Graph);
        RequireMicroBatch(options, Prefix);
        if (options.TrainBatchNorm) TrainStatistics(Graph);
        LossInput = Training.LossInput.Of(Graph, options.Loss);
        if ((long)LossInput.Shape.Count * Passes > Training.Batch.MaxTargets)
            throw EdbException.Refused($"{model.Path}: output '{LossInput.Name}' has shape {LossInput.Shape}, more than the {Training.Batch.MaxTargets} targets "
                + "that a batch may have; give a smaller --batch");
        Outputs = LossInput.Shape.Count / Graph.Batch;
        var trainable = TrainableParameters.Of(Graph, LossInput, options.Mode);
        BaseDecay.Require(options.InitDecay, options.Mode, Graph.Parameters.Where(p => trainable[p.Ordinal]));
        Workers = new Workers(options.Threads > 0 ? options.Threads : Math.Max(1, Math.Min(HostInfo.Read().PerformanceCores, Environment.ProcessorCount)));
        try
        {
            var training = Planner.ForTraining(Graph, LossInput, p => trainable[p.Ordinal]);
            var inference = Planner.ForInference(Graph, [LossInput]);
            if (training.ValueBuffers[Graph.Inputs[0].Id] is null)
                throw EdbException.Refused($"{model.Path}: output '{LossInput.Name}' does not depend on input '{Graph.Inputs[0].Name}'; nothing can be learned from samples");
            _arena = Allocate(Math.Max(training.ArenaFloats, inference.ArenaFloats));
            Setup = new TrainingSetup(Graph, LossInput, trainable, _arena, Workers)
            {
                Loss = options.Loss,
                Batch = options.Batch,
                Clip = options.Clip,
                Seed = options.Seed,
                Quantile = options.Quantile,
                Decay = new BaseDecay(Graph.Parameters, options.InitDecay),
            };
            _tensors = [.. Graph.Parameters.Select(p => new TrackedTensor(p.Name, p.Count))];
            BudgetCount = options.Mode is TrainingMode.DropBack ? options.Budget.Of(Setup.TrainableCount) : checked((int)Setup.TrainableCount);
            _batch = new Batch(options.Batch, Outputs);
            Trainer = Start(null);
        }
        catch
        {
            Workers.Dispose();
            _arena?.Dispose();
            throw;
        }
    }

    /// <summary>The graph of a step's whole batch: another one where that runs in micro-batches.</summary>
    internal (Graph Graph, Value LossInput) WholeBatch
    {
        get
        {
            if (Passes == 1) return (Graph, LossInput);
            var whole = GraphImporter.Import(Model, Import with { Batch = Options.Batch });
            return (whole, Training.LossInput.Of(whole, Options.Loss));
        }
    }

    /// <summary>Micro-batches of a step.</summary>
    internal int Passes => (Options.Batch + Graph.Batch - 1) / Graph.Batch;

    static void RequireMicroBatch(SessionOptions options, FrozenPrefix? prefix)
    {
        if (options.MicroBatch is 0) return;
        if (options.MicroBatch < 0 || options.MicroBatch > options.Batch)
            throw EdbException.Usage($"the micro-batch is {options.MicroBatch}, expected 1 to the batch of {options.Batch}");
        if (options.Mode == TrainingMode.Dense)
            throw EdbException.Usage("micro-batches add up the gradients of frozen weights, and --mode dense has none; leave --micro-batch out");
        if (prefix is not null) throw EdbException.Usage("micro-batches and a frozen front of the model do not go together; leave --micro-batch out");
        if (options.TrainBatchNorm)
            throw EdbException.Usage("--bn train takes statistics over the whole batch, which micro-batches do not have; give --bn frozen, or leave --micro-batch out");
    }

    AlignedBuffer Allocate(long floats)
    {
        try
        {
            return new AlignedBuffer(floats);
        }
        catch (OutOfMemoryException e)
        {
            throw EdbException.Refused($"{Model.Path}: the plan needs {floats * sizeof(float)} bytes, which this machine does not give; "
                + $"a smaller --batch than {Graph.Batch} needs less", e);
        }
    }

    internal OnnxModel Model { get; }

    public SessionOptions Options { get; }

    internal Graph Graph { get; }

    /// <summary>How <see cref="Graph"/> was made.</summary>
    internal ImportOptions Import { get; }

    /// <summary>Name of the output that is trained, of those that the model has.</summary>
    public string TrainedOutput => Import.Output!;

    /// <summary>The part in front of <see cref="Graph"/> that another runtime computes; null where the graph is the whole model.</summary>
    internal FrozenPrefix? Prefix { get; }

    /// <summary>The logits, or whatever the loss is taken on.</summary>
    internal Value LossInput { get; }

    /// <summary>Numbers that the model puts out for a sample: its classes.</summary>
    public int Outputs { get; }

    /// <summary>Labels that a sample may have: an output each, and 0 or 1 for a single output.</summary>
    int Classes => Math.Max(2, Outputs);

    /// <summary>Samples a step.</summary>
    public int Batch => Options.Batch;

    /// <summary>Numbers in a sample.</summary>
    public int SampleLength => Prefix?.InputLength ?? Graph.Inputs[0].Shape.Count / Graph.Batch;

    /// <summary>Weights that may be tracked: k.</summary>
    public int BudgetCount { get; }

    internal TrainingSetup Setup { get; }

    internal Workers Workers { get; }

    /// <summary>Ends an evaluation between two batches.</summary>
    internal CancellationToken Cancel { get; set; }

    /// <summary>The present training.</summary>
    internal ITrainer Trainer { get; private set; }

    /// <summary>Bytes of the arena.</summary>
    public long ArenaBytes => _arena.Length * sizeof(float);

    /// <summary>Opens a model. Its bytes stay mapped, and are never written.</summary>
    /// <exception cref="EdbException">Exit code 3: the model cannot be used; 2: an option does not fit it.</exception>
    public static TrainingSession Open(string model, SessionOptions options)
    {
        var opened = OnnxModel.Open(model);
        TrainableGraph? trainable = null;
        try
        {
            trainable = PrefixImport.Open(opened, options.ToImport(), options.TrainFrom);
            return new TrainingSession(opened, options, trainable);
        }
        catch
        {
            trainable?.Dispose();
            opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Shrinks the arena by computing activations again in the backward, if it has to be; the present training begins anew from
    /// <paramref name="from"/>. No result changes.
    /// </summary>
    /// <returns>Bytes of the arena: more than the limit where no recomputation fits.</returns>
    internal long FitArena(long limitBytes, SparseStore? from)
    {
        if (ArenaBytes <= limitBytes) return ArenaBytes;
        var (recomputation, plan) = RecomputationSearch.Fit(Graph, LossInput, Setup.IsTrainable, limitBytes / sizeof(float));
        _arena.Dispose();
        _arena = Allocate(Math.Max(plan.ArenaFloats, Planner.ForInference(Graph, [LossInput]).ArenaFloats));
        Setup.Move(_arena, recomputation);
        Start(from);
        return ArenaBytes;
    }

    /// <summary>Runs forward and backward over nothing: what packing takes is known afterwards. Changes no weight and no statistic.</summary>
    internal void GrowPackingBuffers()
    {
        var meter = new NoMeter();
        var executor = Setup.Executor(Setup.IsTrainable, Trainer.Values);
        executor.Values(Graph.Inputs[0]).Clear();
        executor.Forward(ref meter, isTraining: false);
        executor.GradientOf(LossInput).Clear();
        executor.Backward(ref meter, new DiscardedGradients());
    }

    /// <summary>One step on a batch.</summary>
    /// <param name="x">[batch, ...] as the model takes it.</param>
    /// <param name="labels">[batch] classes; 0 or 1 where the model has one output.</param>
    /// <param name="rate">Learning rate.</param>
    /// <returns>Mean loss before the update.</returns>
    /// <exception cref="EdbException">Exit code 3: sizes or a label do not fit; 1: the loss is not finite, and nothing was changed.</exception>
    public double Step(ReadOnlySpan<float> x, ReadOnlySpan<int> labels, float rate)
    {
        RequireBatch(x);
        if (labels.Length != Batch) throw EdbException.Refused($"there are {labels.Length} labels, expected {Batch}");
        _batch.Clear();
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)Classes) throw EdbException.Refused($"label {labels[i]} of sample {i} is outside 0..{Classes - 1}");
            _batch.Weights[i] = 1f;
            TrainingData.WriteLabel(labels[i], _batch.Targets.AsSpan(i * Outputs, Outputs));
        }
        _held ??= new float[Options.Batch * (Graph.Inputs[0].Shape.Count / Graph.Batch)];
        if (Prefix is null) x.CopyTo(_held);
        else Prefix.Run(x.ToArray(), Options.Batch, _held);
        var loss = Trainer.Step(_batch, rate, _step, _fill ??= FillHeld);
        if (!double.IsFinite(loss)) throw EdbException.Failed($"the loss of step {_step} is {loss}; nothing was changed: lower the rate, or look for bad samples");
        _step++;
        return loss;
    }

    void RequireBatch(ReadOnlySpan<float> x)
    {
        if (x.Length != Batch * SampleLength) throw EdbException.Refused($"x has {x.Length} numbers, expected {Batch * SampleLength} for {Batch} samples");
    }

    void FillHeld(Span<float> input, int first)
    {
        var start = first * (input.Length / Graph.Batch);
        var count = Math.Min(input.Length, _held!.Length - start);
        _held.AsSpan(start, count).CopyTo(input);
        input[count..].Clear();
    }

    /// <summary>Accuracy and loss on a data set; changes nothing.</summary>
    public Evaluation Evaluate(Dataset data)
        => Evaluator.Run(this, Through(data), Trainer.Values) with { Skipped = data.SkippedLines, Notes = data.Notes };

    /// <summary>A data set as <see cref="Graph"/> takes it.</summary>
    internal Dataset Through(Dataset data) => Prefix?.Over(data) ?? data;

    /// <summary>Accuracy and loss on any number of samples; changes nothing.</summary>
    /// <param name="x">[samples, ...] as the model takes them.</param>
    /// <param name="labels">[samples] classes; 0 or 1 where the model has one output.</param>
    /// <exception cref="EdbException">Exit code 3: sizes or a label do not fit.</exception>
    public Evaluation Evaluate(ReadOnlySpan<float> x, ReadOnlySpan<int> labels)
    {
        if (x.Length != (long)labels.Length * SampleLength)
            throw EdbException.Refused($"x has {x.Length} numbers, expected {(long)labels.Length * SampleLength} for {labels.Length} labels");
        return Evaluate(new FloatDataset(x.ToArray(), labels.ToArray(), SampleLength, Classes));
    }

    /// <summary>The outputs for one batch; changes nothing.</summary>
    /// <param name="x">[batch, ...] as the model takes it.</param>
    /// <param name="outputs">[batch, outputs].</param>
    /// <exception cref="EdbException">Exit code 3: sizes do not fit.</exception>
    public void Predict(ReadOnlySpan<float> x, Span<float> outputs)
    {
        RequireBatch(x);
        if (outputs.Length != Batch * Outputs) throw EdbException.Refused($"outputs has room for {outputs.Length} numbers, expected {Batch * Outputs}");
        var answers = new float[outputs.Length];
        Evaluator.ForEachBatch(this, Through(new FloatDataset(x.ToArray(), new int[Batch], SampleLength, Classes)), Trainer.Values,
            (first, count, y) => y[..(count * Outputs)].CopyTo(answers.AsSpan(first * Outputs)));
        answers.CopyTo(outputs);
    }

    /// <summary>Fixes the tracked set: from now on a step computes k gradients only.</summary>
    public void Freeze() => Trainer.Freeze();

    /// <summary>Writes what was learned: k values with their places.</summary>
    /// <returns>SHA-256 of the file.</returns>
    /// <exception cref="EdbException">Exit code 2: the path is the model's, or has no folder; 1: it cannot be written.</exception>
    public string WriteTracked(string path) => SparseStore.Write(Output(path), ToStore(new StoreMeta
    {
        ModelSha256 = Model.Sha256,
        Seed = Options.Seed,
        Budget = BudgetCount,
        TrainableCount = Setup.TrainableCount,
        Step = _step,
        Mode = TrainableParameters.Name(Options.Mode),
        Loss = Training.LossInput.Name(Options.Loss),
        BatchNorm = Options.TrainBatchNorm ? "train" : "frozen",
        NewHeadClasses = Options.NewHeadClasses,
    }));

    /// <summary>Goes on from a store of the same model, with the same last layer and the same weights under what was learned.</summary>
    /// <exception cref="EdbException">Exit code 3: the store is damaged, of another model, or of a session with another last layer, seed, cut or batch norms.</exception>
    public void ReadTracked(string path)
    {
        var store = OpenStore(path);
        Start(store);
        _step = checked((int)store.Meta.Step);
    }

    /// <summary>A store that fits this session: every reader of one comes through here.</summary>
    /// <exception cref="EdbException">Exit code 3: it is damaged, or does not fit.</exception>
    internal SparseStore OpenStore(string path) => SparseStore.OpenFitting(path, Model.Sha256, _tensors, new StoreFit(this, path));

    /// <summary>Weights that have a value of their own now.</summary>
    public int TrackedCount => Tracked.Count;

    TrackedSet Tracked => Trainer.Tracked ?? throw EdbException.Usage("mode dense tracks no weights");

    /// <summary>What was learned, by (parameter, index) ascending.</summary>
    /// <param name="parameters">[TrackedCount] place of the parameter in the model.</param>
    /// <param name="indices">[TrackedCount] place in the parameter, row-major.</param>
    /// <param name="values">[TrackedCount].</param>
    public void CopyTracked(Span<int> parameters, Span<long> indices, Span<float> values)
    {
        var at = 0;
        for (var parameter = 0; parameter < _tensors.Length; parameter++)
        {
            var tracked = Tracked[parameter];
            for (var entry = 0; entry < tracked.Count; entry++, at++)
                (parameters[at], indices[at], values[at]) = (parameter, tracked.IndexAt(entry), tracked.Values[entry]);
        }
    }

    /// <summary>
    /// Replaces what was learned: these weights are tracked, every other one is at its base again. Training goes on selecting; the state of the
    /// optimizer starts anew.
    /// </summary>
    /// <exception cref="EdbException">Exit code 3: out of order, outside a parameter, not finite; 2: more than the budget.</exception>
    public void SetTracked(ReadOnlySpan<int> parameters, ReadOnlySpan<long> indices, ReadOnlySpan<float> values)
    {
        if (parameters.Length != indices.Length || parameters.Length != values.Length)
            throw EdbException.Usage($"there are {parameters.Length} parameters, {indices.Length} indices and {values.Length} values; give as many of each");
        if (parameters.Length > BudgetCount) throw EdbException.Usage($"{parameters.Length} weights are more than the budget of {BudgetCount}");
        var set = NewTracked(BudgetCount, 0, updatable: true);
        set.BeginUpdate();
        for (var i = 0; i < parameters.Length; i++)
        {
            RequireEntry(i, parameters, indices, values);
            set.Append(parameters[i], indices[i], values[i]);
        }
        set.Commit();
        Start(new SparseStore
        {
            Meta = new StoreMeta { ModelSha256 = Model.Sha256, InitDecayFactor = Setup.Decay.Factor },
            Tracked = set,
            Bases = Bases(),
            RunningStatistics = [.. Setup.Statistics.SelectMany(s => s.ToStore())],
        });
    }

    void RequireEntry(int i, ReadOnlySpan<int> parameters, ReadOnlySpan<long> indices, ReadOnlySpan<float> values)
    {
        var (parameter, index) = (parameters[i], indices[i]);
        if ((uint)parameter >= (uint)_tensors.Length)
            throw EdbException.Refused($"entry {i} is of parameter {parameter}, the model has {_tensors.Length}");
        if ((ulong)index >= (ulong)_tensors[parameter].ElementCount)
            throw EdbException.Refused($"entry {i} is at {index} of '{_tensors[parameter].Name}', which has {_tensors[parameter].ElementCount} weights");
        if (!Setup.Trainable.Any(p => p.Ordinal == parameter)) throw EdbException.Refused($"entry {i} is of '{_tensors[parameter].Name}', which is not trained");
        if (!float.IsFinite(values[i])) throw EdbException.Refused($"entry {i} of '{_tensors[parameter].Name}' is {values[i]}");
        if (i > 0 && (parameter, index).CompareTo((parameters[i - 1], indices[i - 1])) <= 0)
            throw EdbException.Refused($"entry {i} does not come after the one before it; give them by parameter and index, ascending");
    }

    /// <summary>Writes an ONNX file with the present weights.</summary>
    /// <param name="compact">Weights that are computed from a seed stay so, with the tracked values laid over them.</param>
    /// <exception cref="EdbException">Exit code 2: the path is the model's, or has no folder; 1: it cannot be written.</exception>
    public void Export(string path, bool compact = false) => StoreExport.Write(Model, Graph, Import, Trainer.Values, Setup.Statistics, Output(path), compact);

    string Output(string path)
    {
        new FileRoles().Reads("MODEL", Model.Path, Model.ExternalFiles).Writes("the output", path).Check();
        return path;
    }

    public void Dispose()
    {
        Prefix?.Dispose();
        Workers.Dispose();
        _arena.Dispose();
        Model.Dispose();
    }

    /// <summary>Begins a training anew: from the base, or from a store.</summary>
    internal ITrainer Start(SparseStore? from)
    {
        (_inference, _inferenceValues) = (null, null);
        var optimizer = new Optimizer(Options.Optimizer, Options.Momentum) { WeightDecay = Options.WeightDecay };
        foreach (var statistics in Setup.Statistics) statistics.Reset(from?.RunningStatistics);
        Setup.Decay.Set(from?.Meta.InitDecayFactor ?? 1);
        if (Options.Mode == TrainingMode.Dense)
        {
            var dense = new Trainer<NoMeter>(Setup, optimizer, null);
            if (from is not null) foreach (var parameter in Graph.Parameters) Overlay(from.Tracked[parameter.Ordinal], dense.Dense![parameter]);
            return Trainer = dense;
        }
        if (from is not null && Options.Mode != TrainingMode.DropBack
            && (from.Tracked.Count != BudgetCount || Setup.Trainable.Any(p => from.Tracked[p.Ordinal].Count != p.Count)))
        {
            throw EdbException.Usage($"the store tracks other weights than all that --mode {TrainableParameters.Name(Options.Mode)} trains; "
                + "go on with the mode it was made with");
        }
        if (from is not null && from.Tracked.Count > BudgetCount)
            throw EdbException.Usage($"the store tracks {from.Tracked.Count} weights, more than --budget {Options.Budget} ({BudgetCount}); give --budget {from.Tracked.Count} or more");
        var tracked = NewTracked(BudgetCount, optimizer.Slots, updatable: true);
        if (from is not null) tracked.CopyFrom(from.Tracked);
        else if (Options.Mode != TrainingMode.DropBack) TrackAll(tracked);
        Trainer = new Trainer<NoMeter>(Setup, optimizer, tracked);
        if (Options.Mode != TrainingMode.DropBack) Trainer.Freeze();
        return Trainer;
    }

    internal TrackedSet NewTracked(int capacity, int slots, bool updatable) => new(_tensors, capacity, slots, updatable);

    internal IReadOnlyList<TrackedTensor> Tensors => _tensors;

    /// <summary>An executor for inference on the given values; kept until others are asked for or a training begins.</summary>
    internal Executor Inference(IParameterValues values)
    {
        if (!ReferenceEquals(values, _inferenceValues)) (_inference, _inferenceValues) = (Setup.Inference(values), values);
        return _inference!;
    }

    /// <summary>The present training as a store.</summary>
    internal SparseStore ToStore(StoreMeta meta) => new()
    {
        Meta = (Prefix is null ? meta : meta.WithNote(PrefixCut.Note, Prefix.Cut.Spec)) with { InitDecay = Options.InitDecay, InitDecayFactor = Setup.Decay.Factor },
        Tracked = Trainer.Tracked ?? Changed(p => Trainer.Dense![p]),
        Bases = Bases(),
        ScoreScales = [.. Setup.Scales],
        RunningStatistics = [.. Setup.Statistics.SelectMany(s => s.ToStore())],
    };

    internal IReadOnlyList<TensorBase> Bases()
        => [.. Graph.Parameters.Select(p => p.Base is RegeneratedParameterBase { Factor: <= 0 } ? new TensorBase(TensorBaseKind.Zero) : BaseOf(p))];

    /// <summary>What stands under a parameter, before any of it has faded.</summary>
    internal static TensorBase BaseOf(Parameter parameter) => parameter.Base switch
    {
        RegeneratedParameterBase regenerated => TensorBase.From(regenerated.Regenerated),
        ZeroParameterBase => new TensorBase(TensorBaseKind.Zero),
        _ => TensorBase.Mapped,
    };

    /// <summary>All weights of the dense baseline that are not at their base.</summary>
    internal TrackedSet Changed(Func<Parameter, float[]> dense)
    {
        var changed = Setup.Trainable.Sum(parameter => CountChanged(parameter, dense(parameter)));
        var set = NewTracked(changed, 0, updatable: true);
        set.BeginUpdate();
        foreach (var parameter in Setup.Trainable)
        {
            var source = parameter.Source();
            var values = dense(parameter);
            for (var i = 0; i < values.Length; i++)
                if (BitConverter.SingleToInt32Bits(values[i]) != BitConverter.SingleToInt32Bits(source[i])) set.Append(parameter.Ordinal, i, values[i]);
        }
        set.Commit();
        return set;
    }

    static int CountChanged(Parameter parameter, float[] values)
    {
        var source = parameter.Source();
        var changed = 0;
        for (var i = 0; i < values.Length; i++)
            if (BitConverter.SingleToInt32Bits(values[i]) != BitConverter.SingleToInt32Bits(source[i])) changed++;
        return changed;
    }

    internal static void Overlay(TrackedValues tracked, float[] values)
    {
        for (var entry = 0; entry < tracked.Count; entry++) values[tracked.IndexAt(entry)] = tracked.Values[entry];
    }

    void TrackAll(TrackedSet tracked)
    {
        tracked.BeginUpdate();
        foreach (var parameter in Setup.Trainable)
        {
            var source = parameter.Source();
            for (var i = 0; i < parameter.Count; i++) tracked.Append(parameter.Ordinal, i, source[i]);
        }
        tracked.Commit();
    }

    /// <summary>Statistics belong to their node: those that anything else reads too get a name of their own.</summary>
    internal static void TrainStatistics(Graph graph)
    {
        var reached = LeadingTo(graph);
        foreach (var node in graph.Nodes)
        {
            if (node.Operator is not BatchNormalizationOperator operation || !node.Outputs.Any(output => reached[output.Id])) continue;
            if (node.Inputs[3]!.Constant is not { } mean || node.Inputs[4]!.Constant is not { } variance) continue;
            if (operation.StatisticsAreRead)
                throw EdbException.Refused($"node {node} gives its running statistics to other nodes, which --bn train would change; leave out --bn train");
            operation.Statistics = new Graphs.RunningStatistics(OwnName(graph, node, 3), OwnName(graph, node, 4), mean, variance, operation.Momentum);
        }
    }

    /// <summary>By value id: what the trained output depends on; every value where none is chosen.</summary>
    static bool[] LeadingTo(Graph graph)
    {
        var reached = new bool[graph.ValueCount];
        if (graph.TrainedOutput is not { } output)
        {
            Array.Fill(reached, true);
            return reached;
        }
        reached[output.Id] = true;
        foreach (var node in graph.Nodes.Reverse())
        {
            if (!node.Outputs.Any(value => reached[value.Id])) continue;
            foreach (var value in node.Inputs) if (value is not null) reached[value.Id] = true;
        }
        return reached;
    }

    static string OwnName(Graph graph, Node node, int input)
    {
        var name = node.Inputs[input]!.Name;
        var isShared = graph.FixedReads.Any(read => read.Name == name && read.IsShared) || graph.FixedReads.Count(read => read.Name == name) > 1
            || graph.Parameters.Any(p => p.Name == name);
        if (!isShared) return name;
        return graph.FixedReads.FirstOrDefault(read => read.IsInFile && read.Input == input && read.Writer == node.Outputs[0].Name)?.OwnName
            ?? throw EdbException.Refused($"node {node} is in a function of the model and shares running statistic '{name}' with another node, "
                + "which --bn train cannot keep apart; inline the functions, or leave out --bn train");
    }
}
