namespace EdgeDropBack.Kernels;

/// <summary>
/// Writes the AVX-512 kernels for the System V calling convention. They are machine code made at run time because NativeAOT compiles
/// 512-bit code only into programs that start on no other processor.
/// </summary>
static class Avx512Code
{
    /// <summary>Depths between two additions to their pointers, which compete with the multiply-adds for ports.</summary>
    const int Unrolled = 4;

    const int VectorBytesLog2 = 6, Registers = 32;

    /// <summary>Multiply-adds of <see cref="Peak"/>, sixteen lanes each, that do not wait for each other.</summary>
    public const int PeakChains = 24;

    static readonly Gpr[] s_rows = [Gpr.Rsi, Gpr.R10, Gpr.R11, Gpr.Rax];

    /// <summary>As <see cref="MicroKernel.Run"/>: depth rdi, a rsi, aRowStride rdx, aDepthStride rcx, b r8, c r9, cStride and fresh on the stack.</summary>
    public static byte[] Strided(int rows, int vectors)
    {
        var tile = new Tile(rows, vectors);
        var code = new X64Assembler();
        code.LoadStack(Gpr.R11, 8);
        code.ShiftLeft(Gpr.R11, 2);
        code.LoadStack(Gpr.Rax, 16);
        code.Test(Gpr.Rax);
        var fresh = code.JumpIfNotZero();
        Accumulators(code, tile, Gpr.R9, Gpr.R11, store: false);
        var begin = code.Jump();
        code.Land(fresh, code.Position);
        Clear(code, tile.Sums);
        code.Land(begin, code.Position);
        code.ShiftLeft(Gpr.Rcx, 2);
        PointAtRows(code, rows);
        var loop = code.Position;
        MultiplyRows(code, tile, 0, Gpr.R8, 0);
        for (var pointer = 0; pointer * 3 < rows; pointer++)
            code.Add(s_rows[pointer], Gpr.Rcx);
        code.AddImmediate(Gpr.R8, vectors << VectorBytesLog2);
        Repeat(code, Gpr.Rdi, loop);
        code.LoadStack(Gpr.R11, 8);
        code.ShiftLeft(Gpr.R11, 2);
        return Finish(code, tile, Gpr.R9, Gpr.R11);
    }

    /// <summary>As <see cref="MicroKernel.RunRows"/>: depth rdi, a rsi, aRowStride rdx, b rcx, ahead r8, fresh r9, c and cStride on the stack.</summary>
    public static byte[] Rows(int rows, int vectors)
    {
        var tile = new Tile(rows, vectors);
        var code = new X64Assembler();
        LoadOutput(code);
        code.Test(Gpr.R9);
        var fresh = code.JumpIfNotZero();
        Accumulators(code, tile, Gpr.R10, Gpr.R11, store: false);
        PrefetchRows(code, tile, Gpr.R11);
        var begin = code.Jump();
        code.Land(fresh, code.Position);
        Clear(code, tile.Sums);
        code.Land(begin, code.Position);
        PointAtRows(code, rows);
        UnrolledLoop(code, Gpr.Rdi, depths =>
        {
            code.Prefetch1(Gpr.R8, 0);
            code.AddImmediate(Gpr.R8, 1 << VectorBytesLog2);
            for (var depth = 0; depth < depths; depth++)
                MultiplyRows(code, tile, depth, Gpr.Rcx, depth * vectors);
            for (var pointer = 0; pointer * 3 < rows; pointer++)
                code.AddImmediate(s_rows[pointer], depths * sizeof(float));
            code.AddImmediate(Gpr.Rcx, depths * vectors << VectorBytesLog2);
        });
        LoadOutput(code);
        return Finish(code, tile, Gpr.R10, Gpr.R11);
    }

    /// <summary>As <see cref="MicroKernel.RunPacked"/>: depth rdi, a rsi, b rdx, c rcx, cStride r8, fresh r9, ahead on the stack.</summary>
    public static byte[] Packed(int rows, int vectors)
    {
        var tile = new Tile(rows, vectors);
        var code = new X64Assembler();
        code.LoadStack(Gpr.R11, 8);
        code.ShiftLeft(Gpr.R8, 2);
        code.Test(Gpr.R9);
        var fresh = code.JumpIfNotZero();
        Accumulators(code, tile, Gpr.Rcx, Gpr.R8, store: false);
        PrefetchRows(code, tile, Gpr.R8);
        var begin = code.Jump();
        code.Land(fresh, code.Position);
        Clear(code, tile.Sums);
        code.Land(begin, code.Position);
        UnrolledLoop(code, Gpr.Rdi, depths =>
        {
            code.Prefetch1(Gpr.R11, 0);
            code.AddImmediate(Gpr.R11, 1 << VectorBytesLog2);
            for (var depth = 0; depth < depths; depth++)
                MultiplyPacked(code, tile, depth, Gpr.Rdx, depth * vectors);
            code.AddImmediate(Gpr.Rsi, depths * rows * sizeof(float));
            code.AddImmediate(Gpr.Rdx, depths * vectors << VectorBytesLog2);
        });
        return Finish(code, tile, Gpr.Rcx, Gpr.R8);
    }

    /// <summary>As <see cref="MicroKernel.RunOffsets"/>: depth rdi, a rsi, b rdx, offsets rcx, c r8, cStride r9.</summary>
    public static byte[] ByOffsets(int rows, int vectors)
    {
        var tile = new Tile(rows, vectors);
        var code = new X64Assembler();
        Clear(code, tile.Sums);
        UnrolledLoop(code, Gpr.Rdi, depths =>
        {
            for (var depth = 0; depth < depths; depth++)
            {
                code.LoadInt32(Gpr.Rax, Gpr.Rcx, (byte)(depth * sizeof(int)));
                code.Lea(Gpr.Rax, Gpr.Rdx, Gpr.Rax, sizeof(float));
                MultiplyPacked(code, tile, depth, Gpr.Rax, 0);
            }
            code.AddImmediate(Gpr.Rsi, depths * rows * sizeof(float));
            code.AddImmediate(Gpr.Rcx, depths * sizeof(int));
        });
        code.ShiftLeft(Gpr.R9, 2);
        return Finish(code, tile, Gpr.R8, Gpr.R9);
    }

    /// <summary>rdi times one multiply-add in each of <see cref="PeakChains"/> registers.</summary>
    public static byte[] Peak()
    {
        var code = new X64Assembler();
        Clear(code, PeakChains);
        code.Clear(PeakChains);
        var loop = code.Position;
        for (var chain = 0; chain < PeakChains; chain++)
            code.MultiplyAdd(chain, PeakChains, PeakChains);
        Repeat(code, Gpr.Rdi, loop);
        code.ZeroUpper();
        code.Return();
        return code.ToArray();
    }

    /// <summary>
    /// As <see cref="KernelFamily.NormalRun"/>: constants rdi, index rsi, key before rdx, destination rcx, vectors of sixteen r8. See
    /// <see cref="IndexedRandom"/>.
    /// </summary>
    public static byte[] NormalRun()
    {
        const int index = 0, hash = 1, shifted = 2, firstConstant = 16;
        const int between = 16, multiplierA = 17, multiplierB = 18, step = 19, bytes = 20, shorts = 21, centre = 22, multiplier = 23, before = 24;
        var code = new X64Assembler();
        code.BroadcastInt32(before, Gpr.Rdx);
        code.BroadcastInt32(index, Gpr.Rsi);
        code.Load(hash, Gpr.Rdi, 0);
        code.AddInt32(index, index, hash);
        for (var constant = firstConstant; constant <= multiplier; constant++)
            code.Broadcast(constant, Gpr.Rdi, null, 1, constant);
        var loop = code.Position;
        code.Xor(hash, index, before);
        code.AddInt32(index, index, step);
        code.ShiftRight(shifted, hash, 16);
        code.Xor(hash, hash, shifted);
        code.MultiplyInt32(hash, hash, multiplierA);
        code.ShiftRight(shifted, hash, 13);
        code.XorBoth(hash, shifted, between);
        code.MultiplyInt32(hash, hash, multiplierB);
        code.ShiftRight(shifted, hash, 16);
        code.Xor(hash, hash, shifted);
        code.MultiplyAddBytes(hash, hash, bytes);
        code.MultiplyAddInt16(hash, hash, shorts);
        code.SubtractInt32(hash, hash, centre);
        code.ConvertInt32(hash, hash);
        code.Multiply(hash, hash, multiplier);
        code.Store(hash, Gpr.Rcx, 0);
        code.AddImmediate(Gpr.Rcx, 1 << VectorBytesLog2);
        Repeat(code, Gpr.R8, loop);
        code.ZeroUpper();
        code.Return();
        return code.ToArray();
    }

    /// <summary>rax = XCR0</summary>
    public static byte[] ExtendedStates()
    {
        var code = new X64Assembler();
        code.GetExtendedStates();
        code.Return();
        return code.ToArray();
    }

    /// <summary>The body as often as the counter says: <see cref="Unrolled"/> depths at a time, then one at a time.</summary>
    static void UnrolledLoop(X64Assembler code, Gpr counter, Action<int> body)
    {
        code.AddImmediate(counter, -Unrolled);
        var few = code.JumpIfNegative();
        var loop = code.Position;
        body(Unrolled);
        code.AddImmediate(counter, -Unrolled);
        code.Land(code.JumpIfNotNegative(), loop);
        code.Land(few, code.Position);
        code.AddImmediate(counter, Unrolled);
        var none = code.JumpIfZero();
        loop = code.Position;
        body(1);
        Repeat(code, counter, loop);
        code.Land(none, code.Position);
    }

    /// <summary>The pointers to every third row of a; the row stride in rdx is in bytes from here on.</summary>
    static void PointAtRows(X64Assembler code, int rows)
    {
        code.ShiftLeft(Gpr.Rdx, 2);
        for (var pointer = 1; pointer * 3 < rows; pointer++)
        {
            code.Lea(s_rows[pointer], s_rows[pointer - 1], Gpr.Rdx, 2);
            code.Add(s_rows[pointer], Gpr.Rdx);
        }
    }

    /// <summary>r10 = c and r11 = its row stride in bytes, from the stack.</summary>
    static void LoadOutput(X64Assembler code)
    {
        code.LoadStack(Gpr.R10, 8);
        code.LoadStack(Gpr.R11, 16);
        code.ShiftLeft(Gpr.R11, 2);
    }

    /// <summary>One depth: columns of b at [columns], in units of vectors, times the rows that <see cref="PointAtRows"/> points at.</summary>
    static void MultiplyRows(X64Assembler code, Tile tile, int depth, Gpr columns, int firstVector)
    {
        LoadColumns(code, tile, columns, firstVector);
        for (var row = 0; row < tile.Rows; row++)
        {
            code.Broadcast(tile.A(row), s_rows[row / 3], row % 3 == 0 ? null : Gpr.Rdx, Math.Max(row % 3, 1), depth);
            MultiplyRow(code, tile, row);
        }
    }

    /// <summary>The same times the rows that lie packed from rsi on.</summary>
    static void MultiplyPacked(X64Assembler code, Tile tile, int depth, Gpr columns, int firstVector)
    {
        LoadColumns(code, tile, columns, firstVector);
        for (var row = 0; row < tile.Rows; row++)
        {
            code.Broadcast(tile.A(row), Gpr.Rsi, null, 1, depth * tile.Rows + row);
            MultiplyRow(code, tile, row);
        }
    }

    static void LoadColumns(X64Assembler code, Tile tile, Gpr columns, int firstVector)
    {
        for (var vector = 0; vector < tile.Vectors; vector++)
            code.Load(tile.B(vector), columns, firstVector + vector);
    }

    static void MultiplyRow(X64Assembler code, Tile tile, int row)
    {
        for (var vector = 0; vector < tile.Vectors; vector++)
            code.MultiplyAdd(tile.Sum(row, vector), tile.A(row), tile.B(vector));
    }

    /// <summary>The tile below: rows from rax on, where <see cref="Accumulators"/> ended.</summary>
    static void PrefetchRows(X64Assembler code, Tile tile, Gpr stride)
    {
        for (var row = 0; row < tile.Rows; row++)
        {
            for (var vector = 0; vector < tile.Vectors; vector++)
                code.Prefetch0(Gpr.Rax, vector << VectorBytesLog2);
            code.Add(Gpr.Rax, stride);
        }
    }

    static void Clear(X64Assembler code, int accumulators)
    {
        for (var accumulator = 0; accumulator < accumulators; accumulator++)
            code.Clear(accumulator);
    }

    static void Repeat(X64Assembler code, Gpr counter, int loop)
    {
        code.Decrement(counter);
        code.Land(code.JumpIfNotZero(), loop);
    }

    static byte[] Finish(X64Assembler code, Tile tile, Gpr c, Gpr stride)
    {
        Accumulators(code, tile, c, stride, store: true);
        code.ZeroUpper();
        code.Return();
        return code.ToArray();
    }

    /// <summary>Rows of c, a stride in bytes apart, from or to the accumulators; walks rax.</summary>
    static void Accumulators(X64Assembler code, Tile tile, Gpr c, Gpr stride, bool store)
    {
        code.Move(Gpr.Rax, c);
        for (var row = 0; row < tile.Rows; row++)
        {
            for (var vector = 0; vector < tile.Vectors; vector++)
            {
                if (store)
                    code.Store(tile.Sum(row, vector), Gpr.Rax, vector);
                else
                    code.Load(tile.Sum(row, vector), Gpr.Rax, vector);
            }
            code.Add(Gpr.Rax, stride);
        }
    }

    /// <summary>Registers of a tile of rows by vectors of sixteen columns: its sums, two broadcasts of a, the columns of b.</summary>
    readonly record struct Tile(int Rows, int Vectors)
    {
        public int Sums => Rows * Vectors;

        public int Sum(int row, int vector) => row * Vectors + vector;

        public int A(int row) => Registers - Vectors - 2 + row % 2;

        public int B(int vector) => Registers - Vectors + vector;
    }
}
