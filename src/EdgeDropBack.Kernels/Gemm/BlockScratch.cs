using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>One worker's packing scratch, and what of the operands lies packed in it.</summary>
unsafe ref struct BlockScratch
{
    const int TileRows = GemmTuning.BlockRows + 12;

    /// <summary>Floats between rows of a tile: room for the last panel to overhang, and no multiple of a page.</summary>
    public const int TileStride = GemmTuning.BlockColumns + 16;

    // The widest panels over- and underhang a block by less than one panel.
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

    /// <summary>
    /// Tile[row - rowStart, column - columnStart] = chain over depths [depthStart, depthEnd), from 0 when fresh.
    /// </summary>
    public void Product<TLeft, TRight>(in MicroKernel kernel, ref TLeft left, ref TRight right, int group, int row, int rows, int column,
        int columns, int depthStart, int depthEnd, bool fresh, float* tile) where TLeft : struct, IOperand where TRight : struct, IOperand
    {
        if (depthStart == depthEnd && fresh)
            new Span<float>(tile, (rows - 1) * TileStride + columns).Clear();
        for (var start = depthStart; start < depthEnd; start += GemmTuning.BlockDepth, fresh = false)
        {
            var depth = Math.Min(GemmTuning.BlockDepth, depthEnd - start);
            var leftStride = (nint)depth * kernel.Rows + GemmTuning.PanelPadding;
            var rightStride = (nint)depth * kernel.Columns + GemmTuning.PanelPadding;
            var slot = Math.Min(start / GemmTuning.BlockDepth, _held - 1);
            var packedRight = _right + slot * PackedColumns;
            var inPlace = kernel.TakesRows ? RowsInPlace.Of(ref left, group, row, rows / kernel.Rows * kernel.Rows, start) : default;
            BlockKey leftKey = new(group, row + inPlace.Count, rows - inPlace.Count, start), rightKey = new(group, column, columns, start);
            if (_leftKey != leftKey && inPlace.Count < rows)
                left.Pack(group, row + inPlace.Count, rows - inPlace.Count, start, depth, kernel.Rows, leftStride, _left, _staging);
            if (_rightKeys[slot] != rightKey)
                right.Pack(group, column, columns, start, depth, kernel.Columns, rightStride, packedRight, _staging);
            _leftKey = leftKey;
            _rightKeys[slot] = rightKey;
            Multiply(kernel, inPlace, rows, columns, depth, packedRight, leftStride, rightStride, tile, fresh);
        }
    }

    readonly void Multiply(in MicroKernel kernel, RowsInPlace inPlace, int rows, int columns, int depth, float* right, nint leftStride,
        nint rightStride, float* tile, bool fresh)
    {
        int stepRows = kernel.Rows, stepColumns = kernel.Columns;
        for (var c = 0; c < columns; c += stepColumns, right += rightStride)
        {
            // A kernel that asks ahead asks for one cache line every four depths: sixteen floats.
            float* left = _left, ahead = right + rightStride, output = tile + c;
            var r = 0;
            for (; r < inPlace.Count; r += stepRows, ahead += depth * 4, output += stepRows * TileStride)
                kernel.RunRows(depth, inPlace.First + r * inPlace.Stride, inPlace.Stride, right, output, TileStride, fresh, ahead);
            for (; r < rows; r += stepRows, left += leftStride, ahead += depth * 4, output += stepRows * TileStride)
                kernel.RunPacked(depth, left, right, output, TileStride, fresh, ahead);
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
