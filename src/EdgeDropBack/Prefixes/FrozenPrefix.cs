using EdgeDropBack.Data;
using EdgeDropBack.Devices;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Prefixes;

/// <summary>
/// The frozen front of a model in another runtime. A batch is one run where samples do not change each other's values, which is tried on
/// random samples before it is relied on; otherwise each sample is a run.
/// </summary>
sealed class FrozenPrefix : IDisposable
{
    const uint TrialSeed = 0x50524546;
    const float Tolerance = 1e-3f;

    readonly string _path;
    readonly IPrefix _prefix;
    readonly string[] _outputs;
    readonly string _input;
    readonly int[] _sampleShape;
    readonly int _declared, _inputLength;
    readonly bool _takesReals;
    readonly Dictionary<string, PrefixTensor> _constants;

    FrozenPrefix(OnnxModel model, PrefixCut cut, IPrefixRuntime runtime, ImportOptions import)
    {
        (Cut, Runtime, Batch, _path) = (cut, runtime.Name, import.Batch, model.Path);
        var input = model.Graph.Inputs.First(i => model.Graph.Initializer(i.Name) is null);
        (_input, _sampleShape, _declared) = (input.Name, SampleShape(model, input, import), (int)Math.Clamp(input.Dims is [{ Value: > 0 } b, ..] ? b.Value!.Value : 0, 0, int.MaxValue));
        _inputLength = new Shape(_sampleShape).Count;
        _takesReals = input.ElementType.IsFloatingPoint();
        _outputs = [.. cut.Values.Where(value => value != _input), .. cut.Constants];
        Initializers = Enumerable.Range(0, cut.Prefix.Length).Where(i => cut.Prefix[i]).SelectMany(cut.ReadsOf).Where(name => model.Graph.Initializer(name) is not null)
            .ToHashSet(StringComparer.Ordinal);
        var before = Anonymous();
        if (model.Graph.Nodes.FirstOrDefault(node => cut.Prefix[node.Ordinal] && node.OpType == "BatchNormalization"
            && TrainingForm.IsOf(node, (int)model.Opsets.GetValueOrDefault("", 1))) is { } training)
            throw EdbException.Refused($"{model.Path}: {training} is in the frozen part and in training mode, where a sample's result depends on the samples beside it; "
                + "export the model in inference mode");
        _prefix = runtime.Load(OnnxExtract.Write(model, cut.Prefix, Initializers, _outputs), model.Path, _outputs);
        try
        {
            (RunBatch, var trial) = _declared > 0 ? (_declared, Trial(_declared, 0)) : Try(import.Batch);
            Values = Describe(trial);
            OutputLength = Values.Sum(value => value.Length);
            _constants = cut.Constants.ToDictionary(name => name, name => trial[OutputOf(name)], StringComparer.Ordinal);
        }
        catch
        {
            _prefix.Dispose();
            throw;
        }
        ResidentBytes = Math.Max(0, Anonymous() - before);
    }

    public PrefixCut Cut { get; }

    /// <summary>Name and version of what runs it.</summary>
    public string Runtime { get; }

    /// <summary>Samples that a step takes.</summary>
    public int Batch { get; }

    /// <summary>Name of the model's input.</summary>
    public string Input => _input;

    /// <summary>Numbers of a sample as the model takes it.</summary>
    public int InputLength => _inputLength;

    /// <summary>Samples in one run.</summary>
    public int RunBatch { get; }

    /// <summary>What it makes of a sample.</summary>
    public IReadOnlyList<CutValue> Values { get; }

    /// <summary>Numbers that it makes of a sample.</summary>
    public int OutputLength { get; }

    /// <summary>Anonymous memory that the process took for it, its arena after a run included, as measured when it was opened.</summary>
    public long ResidentBytes { get; }

    /// <summary>Initializers that it reads.</summary>
    internal IReadOnlySet<string> Initializers { get; }

    /// <summary>Samples that were computed, and those that came out of the cache.</summary>
    public long Computed { get; private set; }

    /// <summary>Outputs on disk; null computes them whenever they are needed.</summary>
    public PrefixCache? Cache { get; private set; }

    /// <summary>Loads the front of a cut into this process's runtime, and tries it.</summary>
    /// <param name="import">Samples that a step takes, and the shape of one where the model leaves it open.</param>
    /// <exception cref="EdbException">Exit code 3: there is no runtime, it refuses the prefix, or its outputs are no samples.</exception>
    public static FrozenPrefix Open(OnnxModel model, PrefixCut cut, ImportOptions import)
        => new(model, cut, PrefixRuntimes.Current ?? throw EdbException.Refused(
            $"{model.Path}: the part in front of {cut.Starts} is run by ONNX Runtime, which this program was built without; "
            + "reference the package EdgeDropBack.OnnxRuntime and call OnnxRuntimePrefixes.Use()"), import);

    /// <summary>Keeps outputs on disk from now on.</summary>
    /// <param name="directory">Made where it is missing.</param>
    /// <param name="identity">Everything that decides an output beside the sample.</param>
    public void UseCache(string directory, long limit, byte[] identity, Action<string>? log)
        => Cache = PrefixCache.Open(directory, limit, identity, OutputLength, log);

    /// <summary>A data set as the suffix takes it.</summary>
    public Dataset Over(Dataset data) => data.Prefix == this ? data : new PrefixDataset(data, this);

    /// <summary>Computes the outputs of some samples.</summary>
    /// <param name="x">[samples, ...] as the model takes them.</param>
    /// <param name="outputs">[samples, <see cref="OutputLength"/>], the values of a sample one after the other.</param>
    public void Run(Memory<float> x, int samples, Memory<float> outputs)
    {
        for (var first = 0; first < samples; first += RunBatch)
        {
            var count = Math.Min(RunBatch, samples - first);
            var chunk = x.Slice(first * _inputLength, count * _inputLength);
            if (_declared > count) chunk = Padded(chunk.Span);
            var (rows, ran) = (outputs.Slice(first * OutputLength, count * OutputLength), chunk.Length / _inputLength);
            foreach (var value in Values) if (value.Name == _input) Place(value, chunk.Span, ran, rows.Span);
            _prefix.Run(_input, chunk, [ran, .. _sampleShape], (output, values) =>
            {
                foreach (var value in Values) if (value.Name == _outputs[output]) Place(value, values, ran, rows.Span);
            });
            Computed += count;
        }
    }

    /// <summary>What is frozen, in a line.</summary>
    public override string ToString() => $"{Cut.PrefixNodes} nodes in front of {Cut.Starts} are frozen and run by {Runtime}, "
        + $"{(RunBatch == 1 ? "sample by sample" : $"{RunBatch} samples a run")}, outside the law of equal bits; "
        + $"it hands over {Cut.ValueNames}{(Cut.Shared.Count == 0 ? "" : $"; not trained, since it reads them too: {Data.Printable.List([.. Cut.Shared.Order(StringComparer.Ordinal)])}")}";

    public void Dispose()
    {
        Cache?.Dispose();
        _prefix.Dispose();
    }

    /// <summary>How the suffix is imported.</summary>
    internal ImportCut ToImport()
    {
        var constants = new Dictionary<string, ConstantTensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in _constants)
        {
            constants[name] = new(tensor.Type, new Shape(tensor.Shape), tensor.Integers is { } exact ? Array.ConvertAll(exact, v => (double)v) : Array.ConvertAll(tensor.Values, v => (double)v));
        }
        return new(Cut.Suffix, Values, constants, Cut.Shared, RunBatch);
    }

    IReadOnlyList<PrefixTensor> Run(float[] x) => _prefix.Run(_input, x, [x.Length / _inputLength, .. _sampleShape]);

    /// <summary>A model of a fixed batch size takes no fewer: the first sample is repeated.</summary>
    float[] Padded(ReadOnlySpan<float> samples)
    {
        var padded = new float[_declared * _inputLength];
        samples.CopyTo(padded);
        for (var at = samples.Length; at < padded.Length; at += _inputLength) samples[.._inputLength].CopyTo(padded.AsSpan(at));
        return padded;
    }

    /// <param name="values">[ran, length] of one value.</param>
    /// <param name="rows">[samples, <see cref="OutputLength"/>], where samples may be fewer than ran.</param>
    void Place(CutValue value, ReadOnlySpan<float> values, int ran, Span<float> rows)
    {
        if (values.Length != ran * value.Length)
            throw EdbException.Refused($"{_path}: value '{Printable.Name(value.Name)}' has {values.Length} numbers for {ran} samples, {value.Length} each before; "
                + "cut behind what gives every sample the same shape (--train-from)");
        for (int s = 0, at = value.Offset; at < rows.Length; s++, at += OutputLength) values.Slice(s * value.Length, value.Length).CopyTo(rows.Slice(at, value.Length));
    }

    int OutputOf(string name) => Array.IndexOf(_outputs, name);

    PrefixTensor[] Trial(int samples, int firstSample) => [.. Run(TrialInput(samples, firstSample))];

    float[] TrialInput(int samples, int firstSample)
    {
        var x = new float[samples * _inputLength];
        for (var i = 0; i < x.Length; i++)
        {
            var bits = IndexedRandom.Hash(TrialSeed, 0, (ulong)((long)firstSample * _inputLength + i));
            x[i] = _takesReals ? (bits >> 8) * (1f / (1 << 24)) : bits & 1;
        }
        return x;
    }

    /// <summary>A whole batch in one run, unless a sample then comes out otherwise than alone, or cannot.</summary>
    (int Batch, PrefixTensor[] Trial) Try(int batch)
    {
        var (first, last) = (Trial(1, 0), Trial(1, batch - 1));
        foreach (var name in Cut.Values.Where(name => name != _input))
        {
            if (!first[OutputOf(name)].Shape.AsSpan().SequenceEqual(last[OutputOf(name)].Shape))
                throw EdbException.Refused($"{_path}: value '{Printable.Name(name)}' has another shape for every sample, here {Printable.Shape(first[OutputOf(name)].Shape)} and "
                    + $"{Printable.Shape(last[OutputOf(name)].Shape)}; cut behind what gives them one (--train-from)");
        }
        if (batch == 1) return (1, first);
        try
        {
            var all = Trial(batch, 0);
            return Cut.Values.Where(name => name != _input).All(name => Agree(name, all, first, 0, batch) && Agree(name, all, last, batch - 1, batch))
                ? (batch, all)
                : (1, first);
        }
        catch (EdbException e) when (e.ExitCode == 3)
        {
            return (1, first);
        }
    }

    bool Agree(string name, PrefixTensor[] all, PrefixTensor[] alone, int sample, int batch)
    {
        var (many, one) = (all[OutputOf(name)], alone[OutputOf(name)]);
        if (one.Shape is not [1, ..] || many.Shape.Length == 0 || many.Shape[0] != batch || many.Values.Length != batch * one.Values.Length) return false;
        var part = many.Values.AsSpan(sample * one.Values.Length, one.Values.Length);
        for (var i = 0; i < part.Length; i++)
        {
            var distance = Math.Abs(part[i] - one.Values[i]);
            if (!part[i].Equals(one.Values[i]) && !(distance <= Tolerance * Math.Max(1f, Math.Abs(one.Values[i])))) return false;
        }
        return true;
    }

    IReadOnlyList<CutValue> Describe(PrefixTensor[] trial)
    {
        var values = new List<CutValue>();
        foreach (var name in Cut.Values)
        {
            var (shape, type) = name == _input ? ([RunBatch, .. _sampleShape], OnnxDataType.Float) : (trial[OutputOf(name)].Shape, trial[OutputOf(name)].Type);
            if (shape.Length == 0 || shape[0] != RunBatch)
                throw EdbException.Refused($"{_path}: value '{Printable.Name(name)}' has shape {Printable.Shape(shape)} for {RunBatch} samples, which does not begin with them; "
                    + "cut where values have one row a sample (--train-from)");
            int[] sample = shape.Length == 1 ? [] : shape[1..];
            var length = new Shape(sample).Count;
            if (length < 1) throw EdbException.Refused($"{_path}: value '{Printable.Name(name)}' has shape {Printable.Shape(shape)}, which holds no numbers; cut elsewhere (--train-from)");
            values.Add(new(name, sample, values.Sum(v => v.Length), length, type));
        }
        return values;
    }

    static int[] SampleShape(OnnxModel model, OnnxValueInfo input, ImportOptions import)
    {
        if (import.SampleShapes.GetValueOrDefault(input.Name) is { } named) return named;
        if (import.SampleShapes.GetValueOrDefault("") is { } given) return given;
        if (!OpenDims.Resolve(model, import.Dims).TryGetValue(input.Name, out var dims) || dims.Length == 0)
            throw EdbException.Refused($"{model.Path}: input '{Printable.Name(input.Name)}' has no declared shape with a batch axis; export the model with one");
        if (dims.Skip(1).Any(OpenDims.IsOpen)) throw EdbException.Refused($"{model.Path}: {OpenDims.Missing(input, dims).Message}");
        return [.. dims.Skip(1).Select(dim => ImportShapes.Small(dim.Value!.Value, $"input '{input.Name}'"))];
    }

    /// <summary>What the process holds by itself now, garbage aside.</summary>
    static long Anonymous()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return ProcessMemory.Read().Anonymous;
    }
}
