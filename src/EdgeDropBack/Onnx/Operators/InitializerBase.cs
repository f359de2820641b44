using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>A parameter's base in the mapped model file, in the type it has there.</summary>
sealed class InitializerBase(OnnxTensor tensor) : ParameterBase
{
    public override BaseKind Kind => tensor.DataType switch
    {
        OnnxDataType.Float => BaseKind.Float32,
        OnnxDataType.Float16 => BaseKind.Float16,
        _ => BaseKind.BFloat16,
    };

    public static bool Takes(OnnxTensor tensor) => tensor.DataType is OnnxDataType.Float or OnnxDataType.Float16 or OnnxDataType.BFloat16;

    internal override long? FileOffset => tensor.IsMapped && tensor.ExternalFile is null ? tensor.Data.Offset : null;

    public override WeightSource Source(int count) => WeightSource.Stored(Kind, tensor.Raw);
}
