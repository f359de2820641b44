using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>One worker's packing scratch, and what of the operands lies packed in it.</summary>
unsafe ref struct BlockScratch
{
    const int TileRows = GemmTuning.BlockRows + 12;

    /// <summary>Floats between rows of a tile: room for the last panel to overhang, and no multiple of a page.</summary>
    public const int TileStride = GemmTuning.BlockColumns + 16;

    // Panels overhang a block of rows by less than 16. The columns of a block are whole panels: every kernel's divide those of a block.
    public const int PackedRows = (GemmTuning.BlockRows + 16) * GemmTuning.BlockDepth + GemmTuning.BlockRows * GemmTuning.PanelPadding;
    public const int PackedColumns = (GemmTuning.BlockColumns + 16) * GemmTuning.BlockDepth + GemmTuning.BlockColumns * GemmTuning.PanelPadding;

    public const int TileFloats = TileRows * TileStride;

    public readonly float* Tile;
    public readonly float* Sum;
    readonly float* _left;
    readonly float* _right;
    readonly float* _staging;
    readonly int _held;
    BlockKey _leftKey = BlockKey.None;
    RightKeys _rightKeys;

    /// <param name="summed">Whether a second tile, <see cref="Sum"/>, is needed.</param>
    /// <param name="held">Depth blocks of the right side that stay packed, from the first on.</param>
    public BlockScratch(Workers workers, int part, bool summed, int held)
    {
        _held = held;
        ((Span<BlockKey>)_rightKeys).Fill(BlockKey.None);
        Tile = workers.Scratch(part, TileFloats * (summed ? 2 : 1) + PackedRows + held * PackedColumns + Packing.StagingFloats);
        Sum = Tile + (summed ? TileFloats : 0);
        _left = Sum + TileFloats;
        _right = _left + PackedRows;
        _staging = _right + held * PackedColumns;
    }

    /// <summary>Whether a product of that depth comes in one block, so that its sums are stored once and may lie far apart.</summary>
    public readonly bool StoresOnce<TLeft>(in MicroKernel kernel, ref TLeft left, int group, int row, int depth) where TLeft : struct, IOperand =>
        GemmTuning.DepthOfBlock(IsInPlace(kernel, ref left, group, row, 0), _held, depth) >= depth && depth > GemmTuning.BlockDepth;

    /// <summary>
    /// Tile[row - rowStart, column - columnStart] = chain over depths [depthStart, depthEnd), from 0 when fresh.
    /// </summary>
    public void Product<TLeft, TRight>(in MicroKernel kernel, ref TLeft left, ref TRight right, int group, int row, int rows, int column,
        int columns, int depthStart, int depthEnd, bool fresh, float* tile, int stride = TileStride) where TLeft : struct, IOperand where TRight : struct, IOperand
    {
        if (depthStart == depthEnd && fresh)
            for (var r = 0; r < rows; r++)
                new Span<float>(tile + (nint)r * stride, columns).Clear();
        var isInPlace = IsInPlace(kernel, ref left, group, row, depthStart);
        var blockDepth = GemmTuning.DepthOfBlock(isInPlace, _held, depthEnd - depthStart);
        for (var start = depthStart; start < depthEnd; start += blockDepth, fresh = false)
        {
            var depth = Math.Min(blockDepth, depthEnd - start);
            var leftStride = (nint)depth * kernel.Rows + GemmTuning.PanelPadding;
            var rightStride = (nint)depth * kernel.Columns + GemmTuning.PanelPadding;
            var slot = Math.Min(start / blockDepth, _held - 1);
            var packedRight = _right + slot * PackedColumns;
            var inPlace = isInPlace ? RowsInPlace.Of(ref left, group, row, rows / kernel.Rows * kernel.Rows, start) : default;
            BlockKey leftKey = new(group, row + inPlace.Count, rows - inPlace.Count, start), rightKey = new(group, column, columns, start);
            if (_leftKey != leftKey && inPlace.Count < rows)
            {
                Pack(ref left, group, row + inPlace.Count, rows - inPlace.Count, start, depth, kernel.Rows, leftStride, _left);
                _leftKey = leftKey;
            }
            if (_rightKeys[slot] != rightKey)
                Pack(ref right, group, column, columns, start, depth, kernel.Columns, rightStride, packedRight);
            _rightKeys[slot] = rightKey;
            Multiply(kernel, inPlace, rows, columns, depth, packedRight, leftStride, rightStride, tile, stride, fresh);
        }
    }

    static bool IsInPlace<TLeft>(in MicroKernel kernel, ref TLeft left, int group, int row, int depthStart) where TLeft : struct, IOperand =>
        kernel.TakesRows && left.Rows(group, row, depthStart, out _) != null;

    /// <summary>As <see cref="IOperand.Pack"/>, no more of the depth at a time than the staging takes.</summary>
    readonly void Pack<T>(ref T operand, int group, int lane, int lanes, int start, int depth, int width, nint stride, float* packed)
        where T : struct, IOperand
    {
        for (var done = 0; done < depth; done += GemmTuning.BlockDepth)
            operand.Pack(group, lane, lanes, start + done, Math.Min(GemmTuning.BlockDepth, depth - done), width, stride, packed + (nint)done * width, _staging);
    }

    readonly void Multiply(in MicroKernel kernel, RowsInPlace inPlace, int rows, int columns, int depth, float* right, nint leftStride,
        nint rightStride, float* tile, int stride, bool fresh)
    {
        int stepRows = kernel.Rows, stepColumns = kernel.Columns;
        for (var c = 0; c < columns; c += stepColumns, right += rightStride)
        {
            // A kernel that asks ahead asks for one cache line every four depths: sixteen floats.
            float* left = _left, ahead = right + rightStride, output = tile + c;
            var r = 0;
            for (; r < inPlace.Count; r += stepRows, ahead += depth * 4, output += stepRows * stride)
                kernel.RunRows(depth, inPlace.First + r * inPlace.Stride, inPlace.Stride, right, output, stride, fresh, ahead);
            for (; r < rows; r += stepRows, left += leftStride, ahead += depth * 4, output += stepRows * stride)
                kernel.RunPacked(depth, left, right, output, stride, fresh, ahead);
        }
    }

    /// <summary>Rows of the left side that the kernel reads where they lie, from the block's first one on; the others are packed.</summary>
    readonly struct RowsInPlace(float* first, nint stride, int count)
    {
        public readonly float* First = first;
        public readonly nint Stride = stride;
        public readonly int Count = count;

        public static RowsInPlace Of<TLeft>(ref TLeft left, int group, int row, int count, int depthStart) where TLeft : struct, IOperand
        {
            var first = left.Rows(group, row, depthStart, out var stride);
            return first == null ? default : new(first, stride, count);
        }
    }

    [InlineArray(GemmTuning.HeldDepthBlocks)]
    struct RightKeys
    {
        BlockKey _first;
    }
}
