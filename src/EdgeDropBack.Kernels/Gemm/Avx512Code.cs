namespace EdgeDropBack.Kernels;

/// <summary>
/// Writes the AVX-512 kernels for the System V calling convention. They are machine code made at run time because NativeAOT compiles
/// 512-bit code only into programs that start on no other processor.
/// </summary>
static class Avx512Code
{
    /// <summary>Vectors of sixteen columns.</summary>
    const int Vectors = 2;

    /// <summary>Depths of packed panels between two additions to their pointers, which compete with the multiply-adds for ports.</summary>
    const int Unrolled = 4;

    const int FirstOfB = 30, FirstOfA = 28, VectorBytesLog2 = 6;

    /// <summary>Multiply-adds of <see cref="Peak"/>, sixteen lanes each, that do not wait for each other.</summary>
    public const int PeakChains = 24;

    static readonly Gpr[] s_rows = [Gpr.Rsi, Gpr.R10, Gpr.R11, Gpr.Rax];

    /// <summary>As <see cref="MicroKernel.Run"/>: depth rdi, a rsi, aRowStride rdx, aDepthStride rcx, b r8, c r9, cStride and fresh on the stack.</summary>
    public static byte[] Strided(int rows)
    {
        var code = new X64Assembler();
        code.LoadStack(Gpr.R11, 8);
        code.ShiftLeft(Gpr.R11, 2);
        code.LoadStack(Gpr.Rax, 16);
        code.Test(Gpr.Rax);
        var fresh = code.JumpIfNotZero();
        Accumulators(code, rows, Gpr.R9, Gpr.R11, store: false);
        var begin = code.Jump();
        code.Land(fresh, code.Position);
        Clear(code, rows);
        code.Land(begin, code.Position);
        code.ShiftLeft(Gpr.Rdx, 2);
        code.ShiftLeft(Gpr.Rcx, 2);
        for (var pointer = 1; pointer * 3 < rows; pointer++)
        {
            code.Lea(s_rows[pointer], s_rows[pointer - 1], Gpr.Rdx, 2);
            code.Add(s_rows[pointer], Gpr.Rdx);
        }
        var loop = code.Position;
        for (var vector = 0; vector < Vectors; vector++)
            code.Load(FirstOfB + vector, Gpr.R8, vector);
        for (var row = 0; row < rows; row++)
        {
            code.Broadcast(FirstOfA + row % 2, s_rows[row / 3], row % 3 == 0 ? null : Gpr.Rdx, Math.Max(row % 3, 1), 0);
            MultiplyRow(code, row);
        }
        for (var pointer = 0; pointer * 3 < rows; pointer++)
            code.Add(s_rows[pointer], Gpr.Rcx);
        code.AddImmediate(Gpr.R8, Vectors << VectorBytesLog2);
        Repeat(code, Gpr.Rdi, loop);
        code.LoadStack(Gpr.R11, 8);
        code.ShiftLeft(Gpr.R11, 2);
        return Finish(code, rows, Gpr.R9, Gpr.R11);
    }

    /// <summary>As <see cref="MicroKernel.RunPacked"/>: depth rdi, a rsi, b rdx, c rcx, cStride r8, fresh r9, ahead on the stack.</summary>
    public static byte[] Packed(int rows)
    {
        var code = new X64Assembler();
        code.LoadStack(Gpr.R11, 8);
        code.ShiftLeft(Gpr.R8, 2);
        code.Test(Gpr.R9);
        var fresh = code.JumpIfNotZero();
        Accumulators(code, rows, Gpr.Rcx, Gpr.R8, store: false);
        PrefetchRows(code, rows, Gpr.R8);
        var begin = code.Jump();
        code.Land(fresh, code.Position);
        Clear(code, rows);
        code.Land(begin, code.Position);
        UnrolledLoop(code, Gpr.Rdi, depths =>
        {
            code.Prefetch1(Gpr.R11, 0);
            code.AddImmediate(Gpr.R11, 1 << VectorBytesLog2);
            for (var depth = 0; depth < depths; depth++)
                MultiplyPacked(code, rows, depth, Gpr.Rdx, depth * Vectors);
            code.AddImmediate(Gpr.Rsi, depths * rows * sizeof(float));
            code.AddImmediate(Gpr.Rdx, depths * Vectors << VectorBytesLog2);
        });
        return Finish(code, rows, Gpr.Rcx, Gpr.R8);
    }

    /// <summary>As <see cref="MicroKernel.RunOffsets"/>: depth rdi, a rsi, b rdx, offsets rcx, c r8, cStride r9.</summary>
    public static byte[] ByOffsets(int rows)
    {
        var code = new X64Assembler();
        Clear(code, rows);
        UnrolledLoop(code, Gpr.Rdi, depths =>
        {
            for (var depth = 0; depth < depths; depth++)
            {
                code.LoadInt32(Gpr.Rax, Gpr.Rcx, (byte)(depth * sizeof(int)));
                code.Lea(Gpr.Rax, Gpr.Rdx, Gpr.Rax, sizeof(float));
                MultiplyPacked(code, rows, depth, Gpr.Rax, 0);
            }
            code.AddImmediate(Gpr.Rsi, depths * rows * sizeof(float));
            code.AddImmediate(Gpr.Rcx, depths * sizeof(int));
        });
        code.ShiftLeft(Gpr.R9, 2);
        return Finish(code, rows, Gpr.R8, Gpr.R9);
    }

    /// <summary>rdi times one multiply-add in each of <see cref="PeakChains"/> registers.</summary>
    public static byte[] Peak()
    {
        var code = new X64Assembler();
        Clear(code, PeakChains / Vectors);
        code.Clear(FirstOfA);
        var loop = code.Position;
        for (var chain = 0; chain < PeakChains; chain++)
            code.MultiplyAdd(chain, FirstOfA, FirstOfA);
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

    /// <summary>One depth: columns of b at [columns], in units of vectors, times the rows that lie packed from rsi on.</summary>
    static void MultiplyPacked(X64Assembler code, int rows, int depth, Gpr columns, int firstVector)
    {
        for (var vector = 0; vector < Vectors; vector++)
            code.Load(FirstOfB + vector, columns, firstVector + vector);
        for (var row = 0; row < rows; row++)
        {
            code.Broadcast(FirstOfA + row % 2, Gpr.Rsi, null, 1, depth * rows + row);
            MultiplyRow(code, row);
        }
    }

    /// <summary>The tile below: rows from rax on, where <see cref="Accumulators"/> ended.</summary>
    static void PrefetchRows(X64Assembler code, int rows, Gpr stride)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var vector = 0; vector < Vectors; vector++)
                code.Prefetch0(Gpr.Rax, (byte)(vector << VectorBytesLog2));
            code.Add(Gpr.Rax, stride);
        }
    }

    static void MultiplyRow(X64Assembler code, int row)
    {
        for (var vector = 0; vector < Vectors; vector++)
            code.MultiplyAdd(row * Vectors + vector, FirstOfA + row % 2, FirstOfB + vector);
    }

    static void Clear(X64Assembler code, int rows)
    {
        for (var accumulator = 0; accumulator < rows * Vectors; accumulator++)
            code.Clear(accumulator);
    }

    static void Repeat(X64Assembler code, Gpr counter, int loop)
    {
        code.Decrement(counter);
        code.Land(code.JumpIfNotZero(), loop);
    }

    static byte[] Finish(X64Assembler code, int rows, Gpr c, Gpr stride)
    {
        Accumulators(code, rows, c, stride, store: true);
        code.ZeroUpper();
        code.Return();
        return code.ToArray();
    }

    /// <summary>Rows of c, a stride in bytes apart, from or to the accumulators; walks rax.</summary>
    static void Accumulators(X64Assembler code, int rows, Gpr c, Gpr stride, bool store)
    {
        code.Move(Gpr.Rax, c);
        for (var row = 0; row < rows; row++)
        {
            for (var vector = 0; vector < Vectors; vector++)
            {
                if (store)
                    code.Store(row * Vectors + vector, Gpr.Rax, vector);
                else
                    code.Load(row * Vectors + vector, Gpr.Rax, vector);
            }
            code.Add(Gpr.Rax, stride);
        }
    }
}
