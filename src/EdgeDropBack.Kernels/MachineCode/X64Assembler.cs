using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels;

/// <summary>
/// The few x86-64 and AVX-512 instructions that the micro-kernels consist of, as bytes (Intel SDM volume 2: chapter 2.7 for EVEX prefixes).
/// Vector registers are zmm0 to zmm31; displacements of vector instructions count in units of what they access.
/// </summary>
sealed class X64Assembler
{
    const int SibFollows = 4;

    readonly List<byte> _code = [];

    public int Position => _code.Count;

    public byte[] ToArray() => [.. _code];

    /// <summary>to += from</summary>
    public void Add(Gpr to, Gpr from) => Emit(RexW(from, to), 0x01, Registers((int)from, (int)to));

    public void Move(Gpr to, Gpr from) => Emit(RexW(from, to), 0x89, Registers((int)from, (int)to));

    /// <summary>to = stack[offset], bytes above the return address's place.</summary>
    public void LoadStack(Gpr to, byte offset) => Emit(RexW(to, Gpr.Rsp), 0x8B, (byte)(0x40 | ((int)to & 7) << 3 | SibFollows), 0x24, offset);

    /// <summary>to = sign-extended int32 at [from + offset]</summary>
    public void LoadInt32(Gpr to, Gpr from, byte offset) => Emit(RexW(to, from), 0x63, (byte)(0x40 | ((int)to & 7) << 3 | (int)from & 7), offset);

    /// <summary>to = b + index * scale</summary>
    public void Lea(Gpr to, Gpr b, Gpr index, int scale) =>
        Emit((byte)(0x48 | High(to) << 2 | High(index) << 1 | High(b)), 0x8D, (byte)(0x40 | ((int)to & 7) << 3 | SibFollows), Sib(b, index, scale), 0);

    public void AddImmediate(Gpr to, int value)
    {
        Emit((byte)(0x48 | High(to)), 0x81, (byte)(0xC0 | (int)to & 7));
        EmitInt32(value);
    }

    public void ShiftLeft(Gpr register, byte bits) => Emit((byte)(0x48 | High(register)), 0xC1, (byte)(0xE0 | (int)register & 7), bits);

    public void Decrement(Gpr register) => Emit((byte)(0x48 | High(register)), 0xFF, (byte)(0xC8 | (int)register & 7));

    public void Test(Gpr register) => Emit(RexW(register, register), 0x85, Registers((int)register, (int)register));

    /// <summary>Jumps if the last result was not zero. Returns what <see cref="Land"/> takes.</summary>
    public int JumpIfNotZero() => JumpIf(0x85);

    public int JumpIfZero() => JumpIf(0x84);

    public int JumpIfNegative() => JumpIf(0x88);

    public int JumpIfNotNegative() => JumpIf(0x89);

    public int Jump()
    {
        Emit(0xE9);
        EmitInt32(0);
        return Position;
    }

    /// <summary>Lets a jump end at <paramref name="target"/>.</summary>
    public void Land(int jump, int target) =>
        BinaryPrimitives.WriteInt32LittleEndian(CollectionsMarshal.AsSpan(_code)[(jump - sizeof(int))..], target - jump);

    public void Return() => Emit(0xC3);

    public void ZeroUpper() => Emit(0xC5, 0xF8, 0x77);

    /// <summary>rax = the register states that the system saves (XCR0); clobbers rcx and rdx.</summary>
    public void GetExtendedStates() => Emit(0x31, 0xC9, 0x0F, 0x01, 0xD0);

    public void Clear(int zmm) => Xor(zmm, zmm, zmm);

    /// <summary>to += left * right, rounded once.</summary>
    public void MultiplyAdd(int to, int left, int right) => Vector(2, 1, 0xB8, to, left, right);

    public void Multiply(int to, int left, int right) => Vector(1, 0, 0x59, to, left, right);

    public void Xor(int to, int left, int right) => Vector(1, 1, 0xEF, to, left, right);

    /// <summary>to ^= left ^ right</summary>
    public void XorBoth(int to, int left, int right)
    {
        Vector(3, 1, 0x25, to, left, right);
        Emit(0x96);
    }

    public void AddInt32(int to, int left, int right) => Vector(1, 1, 0xFE, to, left, right);

    public void SubtractInt32(int to, int left, int right) => Vector(1, 1, 0xFA, to, left, right);

    public void MultiplyInt32(int to, int left, int right) => Vector(2, 1, 0x40, to, left, right);

    public void ShiftRight(int to, int from, byte bits)
    {
        Vector(1, 1, 0x72, 2, to, from);
        Emit(bits);
    }

    /// <summary>All lanes = the register's lower half.</summary>
    public void BroadcastInt32(int to, Gpr from) => Vector(2, 1, 0x7C, to, 0, (int)from);

    /// <summary>Int16 sums of two products each: unsigned bytes times signed ones.</summary>
    public void MultiplyAddBytes(int to, int unsigned, int signed) => Vector(2, 1, 0x04, to, unsigned, signed);

    /// <summary>Int32 sums of two products of int16 each.</summary>
    public void MultiplyAddInt16(int to, int left, int right) => Vector(1, 1, 0xF5, to, left, right);

    public void ConvertInt32(int to, int from) => Vector(1, 0, 0x5B, to, 0, from);

    /// <summary>Asks for the cache line at [b + offset].</summary>
    public void Prefetch0(Gpr b, int offset) => Prefetch(0x88, b, offset);

    /// <summary>The same, into the second-level cache.</summary>
    public void Prefetch1(Gpr b, int offset) => Prefetch(0x90, b, offset);

    public void Load(int zmm, Gpr b, int vectors) => Memory(1, 0, 0x10, zmm, b, null, 1, vectors);

    public void Store(int zmm, Gpr b, int vectors) => Memory(1, 0, 0x11, zmm, b, null, 1, vectors);

    /// <summary>All lanes = float at [b + index * scale + 4 * floats]</summary>
    public void Broadcast(int zmm, Gpr b, Gpr? index, int scale, int floats) => Memory(2, 1, 0x18, zmm, b, index, scale, floats);

    void Prefetch(byte hint, Gpr b, int offset)
    {
        Emit((byte)(0x40 | High(b)), 0x0F, 0x18, (byte)(hint | (int)b & 7));
        EmitInt32(offset);
    }

    void Vector(int map, int prefix, byte opcode, int register, int second, int third)
    {
        Evex(map, prefix, (register >> 3 & 1) == 0, (third >> 4 & 1) == 0, (third >> 3 & 1) == 0, (register >> 4 & 1) == 0, second);
        Emit(opcode, Registers(register, third));
    }

    void Memory(int map, int prefix, byte opcode, int register, Gpr b, Gpr? index, int scale, int displacement)
    {
        Evex(map, prefix, (register >> 3 & 1) == 0, index is not { } i || High(i) == 0, High(b) == 0, (register >> 4 & 1) == 0, 0);
        // An index field of 4 means none.
        var rest = index is { } x ? Sib(b, x, scale) : Sib(b, Gpr.Rsp, 1);
        Emit(opcode, (byte)(0x40 | (register & 7) << 3 | SibFollows), rest, (byte)checked((sbyte)displacement));
    }

    /// <summary>512-bit, no mask; the flags are stored inverted, as they are given.</summary>
    void Evex(int map, int prefix, bool r, bool x, bool b, bool r2, int second)
    {
        Emit(0x62, (byte)((r ? 0x80 : 0) | (x ? 0x40 : 0) | (b ? 0x20 : 0) | (r2 ? 0x10 : 0) | map),
            (byte)((~second & 15) << 3 | 4 | prefix), (byte)(0x40 | ((second >> 4 & 1) == 0 ? 8 : 0)));
    }

    int JumpIf(byte condition)
    {
        Emit(0x0F, condition);
        EmitInt32(0);
        return Position;
    }

    static int High(Gpr register) => (int)register >> 3;

    static byte RexW(Gpr register, Gpr other) => (byte)(0x48 | High(register) << 2 | High(other));

    static byte Registers(int register, int other) => (byte)(0xC0 | (register & 7) << 3 | other & 7);

    static byte Sib(Gpr b, Gpr index, int scale) => (byte)(int.Log2(scale) << 6 | ((int)index & 7) << 3 | (int)b & 7);

    void Emit(params ReadOnlySpan<byte> bytes) => _code.AddRange(bytes);

    void EmitInt32(int value) => Emit((byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24));
}
