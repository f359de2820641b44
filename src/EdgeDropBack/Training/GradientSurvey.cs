using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>
/// The gradient of the mean loss over many samples at the present weights, a slice of the weights at a time, so that no dense gradient
/// exists: samples are run through once a slice. Serves the layer score and the selection `once`.
/// </summary>
sealed class GradientSurvey
{
    const int SmallestSlice = 1 << 16;

    readonly TrainingSession _session;
    readonly TrainingData _data;
    readonly int[] _samples;
    readonly Batch _batch;
    readonly float[] _slice;

    /// <param name="samples">Indices as <see cref="TrainingData.Prepare(ReadOnlySpan{int}, Batch)"/> takes them.</param>
    public GradientSurvey(TrainingSession session, TrainingData data, int[] samples)
    {
        (_session, _data, _samples) = (session, data, samples);
        _batch = new Batch(session.Graph.Batch, session.Outputs);
        _slice = new float[SliceLength(session)];
    }

    public delegate void Visitor(Parameter parameter, int start, ReadOnlySpan<float> gradients);

    public static int SliceLength(TrainingSession session)
        => (int)Math.Min(session.Setup.TrainableCount, Math.Max(SmallestSlice, 4L * session.BudgetCount));

    /// <summary>Hands over the whole gradient in pieces: parameters in order, each in ascending runs.</summary>
    public void Visit(Visitor visitor, IParameterValues values, CancellationToken cancel)
    {
        var setup = _session.Setup;
        for (long start = 0; start < setup.TrainableCount; start += _slice.Length)
        {
            var end = Math.Min(setup.TrainableCount, start + _slice.Length);
            Array.Clear(_slice);
            var gradients = new SliceGradients(setup, _slice, start, end);
            var executor = setup.Executor(gradients.Overlaps, values);
            for (var first = 0; first < _samples.Length; first += _batch.Size)
            {
                cancel.ThrowIfCancellationRequested();
                var count = Math.Min(_batch.Size, _samples.Length - first);
                Accumulate(executor, gradients, _samples.AsSpan(first, count));
            }
            gradients.Visit(visitor);
        }
    }

    void Accumulate(Executor executor, SliceGradients gradients, ReadOnlySpan<int> samples)
    {
        var meter = new NoMeter();
        _data.Prepare(samples, _batch);
        _data.Fill(executor.Values(_session.Graph.Inputs[0]), 0);
        executor.Forward(ref meter, isTraining: false);
        Loss.Forward(_session.Options.Loss, executor.Values(_session.LossInput), _batch, executor.GradientOf(_session.LossInput));
        gradients.Weight = (float)samples.Length / _samples.Length;
        executor.Backward(ref meter, gradients);
    }

    /// <summary>Adds up the gradients of [start, end) of all trainable weights in a row, and ignores the rest.</summary>
    sealed class SliceGradients : ParameterGradients
    {
        readonly TrainingSetup _setup;
        readonly Sink?[] _sinks;

        public SliceGradients(TrainingSetup setup, float[] slice, long start, long end)
        {
            _setup = setup;
            _sinks = new Sink?[setup.Graph.Parameters.Count];
            long at = 0;
            foreach (var parameter in setup.Trainable)
            {
                var (from, to) = (Math.Max(start, at), Math.Min(end, at + parameter.Count));
                _sinks[parameter.Ordinal] = from < to
                    ? new Sink(this, parameter, (int)(from - at), slice.AsMemory((int)(from - start), (int)(to - from)))
                    : new Sink(this, parameter, 0, default);
                at += parameter.Count;
            }
        }

        public float Weight { get; set; }

        public override bool IsSampled => false;

        public bool Overlaps(Parameter parameter) => _sinks[parameter.Ordinal] is { Sum.IsEmpty: false };

        public override GradientSink Tiles(Parameter parameter) => _sinks[parameter.Ordinal]!;

        public void Visit(Visitor visitor)
        {
            foreach (var parameter in _setup.Trainable)
                if (_sinks[parameter.Ordinal] is { Sum.IsEmpty: false } sink) visitor(parameter, sink.First, sink.Sum.Span);
        }
    }

    sealed class Sink(SliceGradients owner, Parameter parameter, int first, Memory<float> sum) : GradientSink
    {
        public int First { get; } = first;

        public Memory<float> Sum { get; } = sum;

        public override void Tile(int worker, Span<float> tile, int stride, int row, int rows, int column, int columns)
        {
            var target = Sum.Span;
            for (var r = 0; r < rows; r++)
            {
                var start = (row + r) * parameter.Columns + column - First;
                var (from, to) = (Math.Max(0, -start), Math.Min(columns, target.Length - start));
                for (var c = from; c < to; c++)
                    target[start + c] = MathF.FusedMultiplyAdd(owner.Weight, tile[r * stride + c], target[start + c]);
            }
        }

        public override void BeginRows()
        {
        }

        public override void Row(Span<float> gradient, int row) => Tile(0, gradient, gradient.Length, row, 1, 0, gradient.Length);
    }
}
