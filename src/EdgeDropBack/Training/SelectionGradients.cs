using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>
/// Before the freeze (Law 2): every gradient tile is looked at once in cache. The gradients of tracked weights are kept, k numbers;
/// of the others only the candidates that can still be chosen; and, for clipping, each tile's sum of squares.
/// </summary>
sealed class SelectionGradients : ParameterGradients
{
    readonly TrackedSet _tracked;
    readonly CandidateCollector[] _collectors;
    readonly float[] _trackedGradients;
    readonly Sink?[] _sinks;

    /// <param name="parameters">All trainable parameters.</param>
    /// <param name="parameterCount">Number of parameters of the graph.</param>
    /// <param name="scales">By parameter ordinal: what scores are multiplied by.</param>
    public SelectionGradients(IReadOnlyList<Parameter> parameters, int parameterCount, TrackedSet tracked, ReadOnlySpan<float> scales, int workers)
    {
        _tracked = tracked;
        _collectors = new CandidateCollector[workers];
        for (var i = 0; i < workers; i++) _collectors[i] = new CandidateCollector(tracked.Capacity);
        _trackedGradients = new float[tracked.Capacity];
        _sinks = new Sink?[parameterCount];
        foreach (var parameter in parameters) _sinks[parameter.Ordinal] = new Sink(this, parameter, scales[parameter.Ordinal]);
    }

    public override bool IsSampled => false;

    /// <summary>Whether <see cref="SumOfSquares"/> will be asked for.</summary>
    public bool WantsNorm { get; init; } = true;

    public ReadOnlySpan<CandidateCollector> Collectors => _collectors;

    /// <summary>[k] gradients of the tracked weights in the order of the tracked set.</summary>
    public Span<float> TrackedGradientsOfAll => _trackedGradients.AsSpan(0, _tracked.Count);

    public override GradientSink Tiles(Parameter parameter) => _sinks[parameter.Ordinal]!;

    /// <summary>Forgets the last backward.</summary>
    /// <param name="threshold">Scaled gradients below it cannot be chosen.</param>
    public void Reset(float threshold)
    {
        foreach (var collector in _collectors) collector.Reset(threshold);
    }

    /// <summary>Sum over all gradients of the last backward, tracked or not, in an order that does not depend on threads.</summary>
    public double SumOfSquares()
    {
        var sum = 0.0;
        foreach (var sink in _sinks)
        {
            if (sink is null) continue;
            foreach (var partial in sink.SumsOfSquares) sum += partial;
        }
        return sum;
    }

    sealed class Sink : GradientSink
    {
        readonly SelectionGradients _owner;
        readonly Parameter _parameter;
        readonly float _scale;
        readonly int _tilesAcross;

        public Sink(SelectionGradients owner, Parameter parameter, float scale)
        {
            (_owner, _parameter, _scale) = (owner, parameter, scale);
            _tilesAcross = (parameter.Columns + GradientTile.Columns - 1) / GradientTile.Columns;
            SumsOfSquares = new double[_tilesAcross * ((parameter.Rows + GradientTile.Rows - 1) / GradientTile.Rows)];
        }

        public double[] SumsOfSquares { get; }

        public override void Tile(int worker, Span<float> tile, int stride, int row, int rows, int column, int columns)
        {
            var tracked = _owner._tracked[_parameter.Ordinal];
            var trackedGradients = _owner._trackedGradients.AsSpan(tracked.Start, tracked.Count);
            var collector = _owner._collectors[worker];
            var sum = 0.0;
            for (var r = 0; r < rows; r++)
            {
                var run = tile.Slice(r * stride, columns);
                if (_owner.WantsNorm) sum += Reduction.SumOfSquares(run);
                var start = (long)(row + r) * _parameter.Columns + column;
                TakeTracked(tracked, start, run, trackedGradients);
                collector.Scan(run, CandidateCollector.Key(_parameter.Ordinal, start), _scale);
            }
            SumsOfSquares[row / GradientTile.Rows * _tilesAcross + column / GradientTile.Columns] = sum;
        }

        public override void BeginRows()
        {
            var tracked = _owner._tracked[_parameter.Ordinal];
            _owner._trackedGradients.AsSpan(tracked.Start, tracked.Count).Clear();
            SumsOfSquares.AsSpan().Clear();
        }

        /// <summary>Rows that do not come are zero, and zero is never a candidate.</summary>
        public override void Row(Span<float> gradient, int row)
        {
            var tracked = _owner._tracked[_parameter.Ordinal];
            var start = (long)row * _parameter.Columns;
            if (_owner.WantsNorm) SumsOfSquares[0] += Reduction.SumOfSquares(gradient);
            TakeTracked(tracked, start, gradient, _owner._trackedGradients.AsSpan(tracked.Start, tracked.Count));
            _owner._collectors[0].Scan(gradient, CandidateCollector.Key(_parameter.Ordinal, start), _scale);
        }

        /// <summary>Moves the gradients of tracked weights out of a run, so that they are no candidates.</summary>
        static void TakeTracked(TrackedValues tracked, long start, Span<float> run, Span<float> gradients)
        {
            if (gradients.IsEmpty) return;
            var end = start + run.Length;
            for (var tile = (int)(start / TrackedSet.TileSize); (long)tile * TrackedSet.TileSize < end; tile++)
            {
                var origin = (long)tile * TrackedSet.TileSize;
                var (entry, last) = (tracked.TileStarts[tile], tracked.TileStarts[tile + 1]);
                var indices = tracked.Indices;
                entry += TileEntries.First(indices[entry..last], start - origin);
                for (; entry < last && origin + indices[entry] < end; entry++)
                {
                    var at = (int)(origin + indices[entry] - start);
                    gradients[entry] = run[at];
                    run[at] = 0f;
                }
            }
        }
    }
}
