using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>An integer type in memory, of any alignment, read as int32 lanes.</summary>
unsafe interface IStoredInteger
{
    static abstract int Bytes { get; }

    static abstract int One(byte* source);

    static abstract (Vector128<int> Low, Vector128<int> High) Eight(byte* source);

    /// <summary>The same in one register; needs AVX2.</summary>
    static abstract Vector256<int> EightWide(byte* source);
}
