using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>y = alpha * (x W) + bias for one row x: every weight is read once, a few lines at a time, with no packed copy beyond L1.</summary>
sealed unsafe partial class MatrixVectorJob : Job
{
    const int Width = 16;
    const int Depth = GemmTuning.BlockDepth;
    const int Columns = GemmTuning.BlockColumns;
    const int ScratchFloats = Columns + Width * Depth + Packing.StagingFloats + 4 * Columns;

    Workers _workers = null!;
    WeightOperand _weights;
    bool _transposed;
    float* _x;
    float* _bias;
    float* _y;
    float _alpha;
    int _n, _k;

    public static void Run(Workers workers, float* x, in WeightOperand weights, bool transposed, float* bias, float alpha, float* y, int n, int k)
    {
        var job = JobCache<MatrixVectorJob>.Instance;
        job._workers = workers;
        job._x = x;
        job._bias = bias;
        job._y = y;
        job._alpha = alpha;
        (job._weights, job._transposed, job._n, job._k) = (weights, transposed, n, k);
        workers.Run(job);
    }

    public override void Run(int part, int parts)
    {
        var sums = _workers.Scratch(part, ScratchFloats);
        var panel = sums + Columns;
        var staging = panel + Width * Depth;
        var units = GemmTuning.DivideUp(_n, Width);
        int start = (int)((long)units * part / parts) * Width, end = Math.Min(_n, (int)((long)units * (part + 1) / parts) * Width);
        for (var column = start; column < end; column += Columns)
        {
            var columns = Math.Min(Columns, end - column);
            new Span<float>(sums, Columns).Clear();
            if (_transposed)
                Rows(column, columns, sums, panel, staging);
            else
                Lines(column, columns, sums, staging);
            Epilogue.Row(sums, _alpha, _bias == null ? null : _bias + column, _y + column, columns);
        }
    }

    /// <summary>W stored [n, k]: sixteen rows side by side.</summary>
    void Rows(int column, int columns, float* sums, float* panel, float* staging)
    {
        for (var c = 0; c < columns; c += Width)
        {
            Vector256<float> low = default, high = default;
            for (var start = 0; start < _k; start += Depth)
            {
                var depth = Math.Min(Depth, _k - start);
                Packing.Along(ref _weights, 0, column + c, Math.Min(Width, columns - c), start, depth, Width, 0, panel, staging);
                for (var d = 0; d < depth; d++)
                {
                    var x = Vector256.Create(_x[start + d]);
                    low = Vector256.FusedMultiplyAdd(x, Vector256.Load(panel + d * Width), low);
                    high = Vector256.FusedMultiplyAdd(x, Vector256.Load(panel + d * Width + 8), high);
                }
            }
            low.Store(sums + c);
            high.Store(sums + c + 8);
        }
    }

    /// <summary>W stored [k, n]: four lines at a time are added into the sums.</summary>
    void Lines(int column, int columns, float* sums, float* staging)
    {
        var d = 0;
        for (; d + 4 <= _k; d += 4)
        {
            var l0 = _weights.Load(0, d, column, columns, staging);
            var l1 = _weights.Load(0, d + 1, column, columns, staging + Columns);
            var l2 = _weights.Load(0, d + 2, column, columns, staging + 2 * Columns);
            var l3 = _weights.Load(0, d + 3, column, columns, staging + 3 * Columns);
            Chains.Add(_x + d, l0, l1, l2, l3, sums, columns);
        }
        for (; d < _k; d++)
        {
            var line = _weights.Load(0, d, column, columns, staging);
            Chains.Add(_x[d], line, sums, columns);
        }
    }
}
