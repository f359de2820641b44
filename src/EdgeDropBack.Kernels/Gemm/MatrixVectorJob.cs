using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// y = alpha * (x W) + bias for one row x: every weight is read once, where it lies or from a staged copy where some are tracked. Blocks of outputs are
/// dealt out by index; every output stays one FMA chain over k, ascending.
/// </summary>
sealed unsafe partial class MatrixVectorJob : Job
{
    /// <summary>W stored [n, k]: rows side by side, and as much of them as the first-level cache holds beside the rest.</summary>
    const int Rows = 8, RowDepth = 512;

    /// <summary>W stored [k, n]: lines side by side, and columns of them: long runs of memory.</summary>
    const int Lines = 4, Columns = 1024;

    /// <summary>Staged lines are no multiple of a page apart.</summary>
    const int RowStride = RowDepth + GemmTuning.PanelPadding, LineStride = Columns + GemmTuning.PanelPadding;
    const int StagedFloats = Rows * RowStride > Lines * LineStride ? Rows * RowStride : Lines * LineStride;

    /// <summary>Parts start at multiples of it, so that they share no cache line.</summary>
    const int Unit = 16;

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
        var sums = _workers.Scratch(part, Columns + StagedFloats);
        var staging = sums + Columns;
        var units = GemmTuning.DivideUp(_n, Unit);
        int start = (int)((long)units * part / parts) * Unit, end = Math.Min(_n, (int)((long)units * (part + 1) / parts) * Unit);
        for (var column = start; column < end; column += Columns)
        {
            var columns = Math.Min(Columns, end - column);
            new Span<float>(sums, Columns).Clear();
            if (_transposed)
                MultiplyRows(column, columns, sums, staging);
            else
                MultiplyLines(column, columns, sums, staging);
            Epilogue.Row(sums, _alpha, _bias == null ? null : _bias + column, _y + column, columns);
        }
    }

    /// <summary>W stored [n, k]: rows are turned in registers; missing ones repeat the last.</summary>
    void MultiplyRows(int column, int columns, float* sums, float* staging)
    {
        var lines = stackalloc float*[Rows];
        for (var c = 0; c < columns; c += Rows)
        {
            var rows = Math.Min(Rows, columns - c);
            for (var start = 0; start < _k; start += RowDepth)
            {
                var depth = Math.Min(RowDepth, _k - start);
                for (var r = 0; r < Rows; r++)
                    lines[r] = r < rows ? _weights.Load(0, column + c + r, start, depth, staging + r * RowStride) : lines[rows - 1];
                TurnedChains(lines, depth, _x + start, sums + c);
            }
        }
    }

    /// <summary>sums[r] = chain over d of x[d] * line r [d], going on from sums[r].</summary>
    static void TurnedChains(float** lines, int depth, float* x, float* sums)
    {
        var d = 0;
        float* l0 = lines[0], l1 = lines[1], l2 = lines[2], l3 = lines[3], l4 = lines[4], l5 = lines[5], l6 = lines[6], l7 = lines[7];
        Vector128<float> low = Vector128.Load(sums), high = Vector128.Load(sums + 4);
        for (; d + 4 <= depth; d += 4)
        {
            Vector128<float> x0 = Vector128.Create(x[d]), x1 = Vector128.Create(x[d + 1]), x2 = Vector128.Create(x[d + 2]), x3 = Vector128.Create(x[d + 3]);
            var (a0, a1, a2, a3) = Packing.Transpose(Vector128.Load(l0 + d), Vector128.Load(l1 + d), Vector128.Load(l2 + d), Vector128.Load(l3 + d));
            var (b0, b1, b2, b3) = Packing.Transpose(Vector128.Load(l4 + d), Vector128.Load(l5 + d), Vector128.Load(l6 + d), Vector128.Load(l7 + d));
            low = Vector128.FusedMultiplyAdd(x0, a0, low);
            high = Vector128.FusedMultiplyAdd(x0, b0, high);
            low = Vector128.FusedMultiplyAdd(x1, a1, low);
            high = Vector128.FusedMultiplyAdd(x1, b1, high);
            low = Vector128.FusedMultiplyAdd(x2, a2, low);
            high = Vector128.FusedMultiplyAdd(x2, b2, high);
            low = Vector128.FusedMultiplyAdd(x3, a3, low);
            high = Vector128.FusedMultiplyAdd(x3, b3, high);
        }
        for (; d < depth; d++)
        {
            var value = Vector128.Create(x[d]);
            low = Vector128.FusedMultiplyAdd(value, Vector128.Create(l0[d], l1[d], l2[d], l3[d]), low);
            high = Vector128.FusedMultiplyAdd(value, Vector128.Create(l4[d], l5[d], l6[d], l7[d]), high);
        }
        low.Store(sums);
        high.Store(sums + 4);
    }

    /// <summary>W stored [k, n]: lines are added into the sums.</summary>
    void MultiplyLines(int column, int columns, float* sums, float* staging)
    {
        var d = 0;
        for (; d + Lines <= _k; d += Lines)
        {
            var l0 = _weights.Load(0, d, column, columns, staging);
            var l1 = _weights.Load(0, d + 1, column, columns, staging + LineStride);
            var l2 = _weights.Load(0, d + 2, column, columns, staging + 2 * LineStride);
            var l3 = _weights.Load(0, d + 3, column, columns, staging + 3 * LineStride);
            Chains.Add(_x + d, l0, l1, l2, l3, sums, columns);
        }
        for (; d < _k; d++)
        {
            var line = _weights.Load(0, d, column, columns, staging);
            Chains.Add(_x[d], line, sums, columns);
        }
    }
}
