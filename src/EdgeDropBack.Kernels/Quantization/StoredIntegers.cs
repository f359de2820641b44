using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDropBack.Kernels;

/// <summary>The integer types that weights are stored in.</summary>
static unsafe class StoredIntegers
{
    public readonly struct UInt8 : IStoredInteger
    {
        public static int Bytes => 1;

        public static int One(byte* source) => *source;

        public static (Vector128<int> Low, Vector128<int> High) Eight(byte* source)
        {
            var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsByte()));
            return (low.AsInt32(), high.AsInt32());
        }

        public static Vector256<int> EightWide(byte* source) => Avx2.ConvertToVector256Int32(source);
    }

    public readonly struct Int8 : IStoredInteger
    {
        public static int Bytes => 1;

        public static int One(byte* source) => (sbyte)*source;

        public static (Vector128<int> Low, Vector128<int> High) Eight(byte* source)
            => Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsSByte()));

        public static Vector256<int> EightWide(byte* source) => Avx2.ConvertToVector256Int32((sbyte*)source);
    }

    public readonly struct Int32 : IStoredInteger
    {
        public static int Bytes => sizeof(int);

        public static int One(byte* source) => Unsafe.ReadUnaligned<int>(source);

        public static (Vector128<int> Low, Vector128<int> High) Eight(byte* source)
            => (Vector128.Load((int*)source), Vector128.Load((int*)source + Vector128<int>.Count));

        public static Vector256<int> EightWide(byte* source) => Vector256.Load((int*)source);
    }
}
