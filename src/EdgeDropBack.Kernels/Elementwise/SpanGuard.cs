using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>Entry checks of the kernels: the only place that throws for wrong lengths.</summary>
static class SpanGuard
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AtLeast(int length, long needed, [CallerArgumentExpression(nameof(length))] string? name = null)
    {
        if (length < needed) ThrowTooShort(name, length, needed);
    }

    /// <summary>A span that may be left out: empty, or at least <paramref name="needed"/> long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void EmptyOr(int length, long needed, [CallerArgumentExpression(nameof(length))] string? name = null)
    {
        if (length != 0 && length < needed) ThrowTooShort(name, length, needed);
    }

    [DoesNotReturn]
    static void ThrowTooShort(string? name, int length, long needed) =>
        throw new ArgumentException($"{name} is {length} but {needed} elements are needed");
}
