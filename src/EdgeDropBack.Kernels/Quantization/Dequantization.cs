using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDropBack.Kernels;

/// <summary>Quantized weights as binary32: one subtraction in int32, one conversion, one product, so that every width gives the same bits.</summary>
static unsafe class Dequantization
{
    const int Lanes = 8;

    /// <summary>Weights [start, start + count) of a quantized base.</summary>
    /// <param name="source">The whole base.</param>
    /// <param name="wide">Use AVX2 where the processor has it.</param>
    public static void Fill(BaseKind kind, byte* source, Quantization quantization, long start, nint count, float* destination, bool wide = true)
    {
        switch (kind)
        {
            case BaseKind.UInt8:
                Fill<StoredIntegers.UInt8>(source, quantization, start, count, destination, wide);
                break;
            case BaseKind.Int8:
                Fill<StoredIntegers.Int8>(source, quantization, start, count, destination, wide);
                break;
            case BaseKind.Int32:
                Fill<StoredIntegers.Int32>(source, quantization, start, count, destination, wide);
                break;
            default:
                Unsafe.CopyBlockUnaligned(destination, source + start * sizeof(float), (uint)count * sizeof(float));
                Rounding.Run(destination, quantization, start, count, wide);
                break;
        }
    }

    /// <summary>One weight.</summary>
    public static float Value(BaseKind kind, byte* source, Quantization quantization, long index)
    {
        var channel = quantization.Channel(index);
        var zeroPoint = quantization.ZeroPoint[channel];
        return kind switch
        {
            BaseKind.UInt8 => (StoredIntegers.UInt8.One(source + index) - zeroPoint) * quantization.Scale[channel],
            BaseKind.Int8 => (StoredIntegers.Int8.One(source + index) - zeroPoint) * quantization.Scale[channel],
            BaseKind.Int32 => (StoredIntegers.Int32.One(source + index * sizeof(int)) - zeroPoint) * quantization.Scale[channel],
            _ => Rounding.Value(Unsafe.ReadUnaligned<float>(source + index * sizeof(float)), quantization, channel),
        };
    }

    static void Fill<T>(byte* source, Quantization quantization, long start, nint count, float* destination, bool wide) where T : struct, IStoredInteger
    {
        var from = source + start * T.Bytes;
        foreach (var run in new ChannelRuns(quantization, start, count))
        {
            var scale = quantization.Scale + run.Channel;
            var zeroPoint = quantization.ZeroPoint + run.Channel;
            if (run.IsAcross) Across<T>(from, run.Count, scale, zeroPoint, destination, wide);
            else Along<T>(from, run.Count, *scale, *zeroPoint, destination, wide);
            from += run.Count * T.Bytes;
            destination += run.Count;
        }
    }

    /// <summary>Weights of one channel.</summary>
    static void Along<T>(byte* source, nint count, float scale, int zeroPoint, float* destination, bool wide) where T : struct, IStoredInteger
    {
        nint i = 0;
        if (wide && Avx2.IsSupported)
        {
            for (; i + Lanes <= count; i += Lanes)
                (Vector256.ConvertToSingle(T.EightWide(source + i * T.Bytes) - Vector256.Create(zeroPoint)) * scale).Store(destination + i);
        }
        for (; i + Lanes <= count; i += Lanes)
        {
            var (low, high) = T.Eight(source + i * T.Bytes);
            (Vector128.ConvertToSingle(low - Vector128.Create(zeroPoint)) * scale).Store(destination + i);
            (Vector128.ConvertToSingle(high - Vector128.Create(zeroPoint)) * scale).Store(destination + i + Lanes / 2);
        }
        for (; i < count; i++) destination[i] = (T.One(source + i * T.Bytes) - zeroPoint) * scale;
    }

    /// <summary>Weights of as many channels.</summary>
    static void Across<T>(byte* source, nint count, float* scale, int* zeroPoint, float* destination, bool wide) where T : struct, IStoredInteger
    {
        nint i = 0;
        if (wide && Avx2.IsSupported)
        {
            for (; i + Lanes <= count; i += Lanes)
            {
                var centred = T.EightWide(source + i * T.Bytes) - Vector256.Load(zeroPoint + i);
                (Vector256.ConvertToSingle(centred) * Vector256.Load(scale + i)).Store(destination + i);
            }
        }
        for (; i + Lanes <= count; i += Lanes)
        {
            var (low, high) = T.Eight(source + i * T.Bytes);
            var half = i + Lanes / 2;
            (Vector128.ConvertToSingle(low - Vector128.Load(zeroPoint + i)) * Vector128.Load(scale + i)).Store(destination + i);
            (Vector128.ConvertToSingle(high - Vector128.Load(zeroPoint + half)) * Vector128.Load(scale + half)).Store(destination + half);
        }
        for (; i < count; i++) destination[i] = (T.One(source + i * T.Bytes) - zeroPoint[i]) * scale[i];
    }
}
