using System.Security.Cryptography;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Data;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Cli;

/// <summary>Checks that take a fraction of a second on the slowest board.</summary>
static class Selftest
{
    const string Sha256OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const uint Seed = 7;

    public static IReadOnlyList<CheckJson> Run() =>
    [
        Check("SHA-256", Sha256),
        Check("matrix product", Product),
        Check("product with tracked weights", TrackedProduct),
        Check("product with quantized weights", QuantizedProduct),
        Check("convolution", Convolve),
        Check("exponential", Exponential),
        Check("softmax", SoftmaxRows),
        Check("sound features", SoundFeatures),
    ];

    static CheckJson Check(string name, Func<string?> check)
    {
        try
        {
            return new(name, check());
        }
        catch (Exception e)
        {
            return new(name, $"{e.GetType().Name}: {e.Message}");
        }
    }

    static string? Sha256()
    {
        if (!SystemLibraries.HasSsl()) return SystemLibraries.SslAdvice;
        return Convert.ToHexStringLower(SHA256.HashData("abc"u8)) == Sha256OfAbc ? null : "the hash of \"abc\" is wrong; reinstall libssl3";
    }

    static string? Product()
    {
        const int M = 37, N = 29, K = 53;
        float[] a = Numbers(0, M * K), b = Numbers(1, K * N), fast = new float[M * N], plain = new float[M * N];
        using var workers = new Workers(2);
        Gemm.Multiply(workers, a, K, 1, b, N, 1, fast, N, M, N, K);
        Reference.Multiply(a, K, 1, b, N, 1, plain, N, M, N, K);
        return Compare(fast, plain);
    }

    static string? TrackedProduct()
    {
        const int M = 9, N = 31, K = 45;
        float[] x = Numbers(2, M * K), w = Numbers(3, N * K), bias = Numbers(4, N), fast = new float[M * N], plain = new float[M * N];
        ushort[] indices = [3, 44, 700, N * K - 1];
        var source = WeightSource.Float32(w).WithTracked([0, indices.Length], indices, [1, -2, 3, -4]);
        using var workers = new Workers(2);
        Gemm.MultiplyWeights(workers, x, K, source, true, bias, 1, fast, M, N, K);
        Reference.MultiplyWeights(x, K, source, true, bias, 1, plain, M, N, K);
        return Compare(fast, plain);
    }

    static string? QuantizedProduct()
    {
        const int M = 9, N = 31, K = 45;
        float[] x = Numbers(2, M * K), scales = Numbers(9, N), w = new float[N * K], fast = new float[M * N], plain = new float[M * N];
        byte[] stored = [.. Enumerable.Range(0, N * K).Select(i => (byte)(i * 31))];
        var quantization = new Quantization(scales, [.. Enumerable.Range(0, N)], K, sbyte.MinValue, sbyte.MaxValue);
        for (var i = 0; i < w.Length; i++) w[i] = Reference.Dequantized(BaseKind.Int8, stored, quantization, i);
        using var workers = new Workers(2);
        Gemm.MultiplyWeights(workers, x, K, WeightSource.Stored(BaseKind.Int8, stored, quantization), true, [], 1, fast, M, N, K);
        Reference.MultiplyWeights(x, K, WeightSource.Float32(w), true, [], 1, plain, M, N, K);
        return Compare(fast, plain);
    }

    static string? Convolve()
    {
        var shape = new ConvShape
        {
            Batch = 2,
            InChannels = 5,
            InHeight = 11,
            InWidth = 13,
            OutChannels = 7,
            KernelHeight = 3,
            KernelWidth = 3,
            PadTop = 1,
            PadLeft = 1,
            PadBottom = 1,
            PadRight = 1,
        };
        float[] x = Numbers(5, (int)shape.InLength), w = Numbers(6, shape.WeightRows * shape.WeightColumns),
            fast = new float[shape.OutLength], plain = new float[shape.OutLength];
        using var workers = new Workers(2);
        Convolution.Forward(workers, x, WeightSource.Float32(w), [], shape, fast);
        Reference.ConvolutionForward(x, WeightSource.Float32(w), [], shape, plain);
        return Compare(fast, plain);
    }

    static string? Exponential()
    {
        float[] x = Numbers(7, 67), fast = new float[67], plain = new float[67];
        Elementwise.Unary(UnaryKind.Exp, x, fast, 0, 0);
        for (var i = 0; i < x.Length; i++) plain[i] = DeterministicMath.Exp(x[i]);
        return Compare(fast, plain);
    }

    static string? SoftmaxRows()
    {
        const int Rows = 5, Columns = 11;
        float[] x = Numbers(8, Rows * Columns), fast = new float[x.Length], plain = new float[x.Length];
        Softmax.Forward(x, fast, Rows, Columns, 1);
        Reference.Softmax(x, plain, Rows, Columns);
        return Compare(fast, plain);
    }

    static string? SoundFeatures()
    {
        if (!SystemLibraries.HasSsl()) return SystemLibraries.SslAdvice;
        return LogMelCheck.Hash() == LogMelCheck.Expected ? null : $"the features of a chirp hash to {LogMelCheck.Hash()}; report this board";
    }

    static float[] Numbers(uint stream, long count)
    {
        var numbers = new float[count];
        IndexedRandom.Fill(new RegeneratedBase(Seed, stream, 1f, Distribution.Normal), 0, numbers);
        return numbers;
    }

    static string? Compare(float[] fast, float[] plain)
    {
        for (var i = 0; i < fast.Length; i++)
            if (BitConverter.SingleToUInt32Bits(fast[i]) != BitConverter.SingleToUInt32Bits(plain[i]))
                return FormattableString.Invariant($"element {i} is {fast[i]:R}, the plain kernel gives {plain[i]:R}")
                    + "; run with EDB_KERNELS=scalar, and report this board";
        return null;
    }
}
