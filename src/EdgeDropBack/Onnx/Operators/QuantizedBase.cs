using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>A parameter's base in the mapped model file as integers, or as numbers that are rounded to those of integers when they are read.</summary>
sealed class QuantizedBase(OnnxTensor tensor, BaseKind kind, Quantization quantization) : ParameterBase
{
    public override BaseKind Kind => kind;

    public Quantization Quantization => quantization;

    internal override long? FileOffset => tensor.IsMapped && tensor.ExternalFile is null ? tensor.Data.Offset : null;

    public override WeightSource Source(int count) => WeightSource.Stored(kind, tensor.Raw, quantization);
}
