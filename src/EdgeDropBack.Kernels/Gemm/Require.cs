using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>Contract checks at kernel entries.</summary>
static class Require
{
    public static void Length(long actual, long needed, [CallerArgumentExpression(nameof(actual))] string name = "")
    {
        if (actual < needed)
            Throw(actual, needed, name);
    }

    public static void Exactly(long actual, long expected, string what)
    {
        if (actual != expected)
            throw new ArgumentException($"Expected {expected} {what}, got {actual}.");
    }

    public static void Empty(int length, int expected, string what)
    {
        if (length != 0 && length != expected)
            throw new ArgumentException($"Expected no or {expected} {what}, got {length}.");
    }

    public static void NotNegative(int m, int n, int k)
    {
        if ((m | n | k) < 0)
            throw new ArgumentException($"Negative shape {m} x {n} x {k}.");
    }

    public static void Groups(int groups, int rows)
    {
        if (groups < 1 || rows % groups != 0)
            throw new ArgumentException($"{rows} rows do not form {groups} equal groups.");
    }

    /// <summary>Elements that a strided matrix spans.</summary>
    public static long Span(int rows, int rowStride, int columns, int columnStride) =>
        rows == 0 || columns == 0 ? 0 : (rows - 1L) * rowStride + (columns - 1L) * columnStride + 1;

    static void Throw(long actual, long needed, string name) =>
        throw new ArgumentException($"{name}: {actual} where the shapes need {needed}.");
}
