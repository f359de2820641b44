namespace EdgeDropBack.Kernels;

/// <summary>
/// How integers stand for numbers (ONNX DequantizeLinear): number = (integer - zero point) * scale, with one scale for all or one a channel.
/// A channel's elements lie in runs of <see cref="Inner"/>; the channels follow each other, and start over after the last.
/// </summary>
public sealed unsafe class Quantization
{
    readonly float[] _scales;
    readonly int[] _zeroPoints;

    /// <param name="scales">[channels], finite; above 0 where numbers are rounded.</param>
    /// <param name="zeroPoints">[channels], integers of the type.</param>
    /// <param name="inner">Elements of a run; of no meaning for one channel.</param>
    /// <param name="low">Smallest integer of the type.</param>
    /// <param name="high">Largest integer of the type.</param>
    public Quantization(ReadOnlySpan<float> scales, ReadOnlySpan<int> zeroPoints, int inner, int low, int high)
    {
        if (scales.IsEmpty || scales.Length != zeroPoints.Length || inner < 1)
            throw new ArgumentException($"{scales.Length} scales, {zeroPoints.Length} zero points and runs of {inner} are no quantization", nameof(scales));
        (Inner, Low, High) = (inner, low, high);
        _scales = GC.AllocateUninitializedArray<float>(scales.Length, pinned: true);
        _zeroPoints = GC.AllocateUninitializedArray<int>(scales.Length, pinned: true);
        scales.CopyTo(_scales);
        zeroPoints.CopyTo(_zeroPoints);
        fixed (float* scale = _scales) Scale = scale;
        fixed (int* zeroPoint = _zeroPoints) ZeroPoint = zeroPoint;
    }

    public int Channels => _scales.Length;

    public int Inner { get; }

    public int Low { get; }

    public int High { get; }

    /// <summary>[channels]; stays where it is as long as this lives.</summary>
    internal float* Scale { get; }

    /// <summary>[channels]; stays where it is as long as this lives.</summary>
    internal int* ZeroPoint { get; }

    /// <summary>The channel of a flat index.</summary>
    internal int Channel(long index) => Channels == 1 ? 0 : (int)(index / Inner % Channels);

    /// <summary>Both read and write the same numbers in the same way.</summary>
    public bool Matches(Quantization other) => Low == other.Low && High == other.High && (Inner == other.Inner || Channels == 1)
        && _scales.AsSpan().SequenceEqual(other._scales) && _zeroPoints.AsSpan().SequenceEqual(other._zeroPoints);
}
