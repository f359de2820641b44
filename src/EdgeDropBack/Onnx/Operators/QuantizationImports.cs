using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>
/// QuantizeLinear and DequantizeLinear with constant scales, per tensor and per channel. Weights behind them become parameters over a
/// quantized base; around activations they are computed as they stand.
/// </summary>
static class QuantizationImports
{
    public static void QuantizeLinear(NodeImport n)
    {
        var x = n.Operand(0);
        var declared = (OnnxDataType)n.Node.Int("output_dtype", 0);
        var type = n.Has(2) ? n.Type(2) : declared == OnnxDataType.Undefined ? OnnxDataType.UInt8 : declared;
        if (IsReplaced(x))
        {
            n.Bind(0, x);
            return;
        }
        var quantization = Of(n, x, type);
        ImportShapes.Expect(AllScales(n, scale => scale > 0), "a scale is 0; quantize again with scales above 0");
        if (x is { Initializer: { DataType: OnnxDataType.Float } tensor, Base: null, IsTransposed: false, Shape.Rank: > 0 })
        {
            var rounded = Weights(x, new QuantizedBase(tensor, BaseKind.RoundedFloat32, quantization));
            n.Bind(0, new Operand { Shape = x.Shape, ValueType = type, Rounded = rounded });
        }
        else
        {
            n.Emit(type, new QuantizationOperator(QuantizationForm.Quantize, quantization), x.Shape, n.Value(0));
        }
    }

    public static void DequantizeLinear(NodeImport n)
    {
        var x = n.Operand(0);
        if (IsReplaced(x))
        {
            n.Bind(0, x);
            return;
        }
        var quantization = Of(n, x, x.Type);
        if (x.Rounded is { } rounded)
        {
            ImportShapes.Expect(quantization.Matches(((QuantizedBase)rounded.Base!).Quantization),
                "its scales and zero points are not those that the weights in front of it were quantized with; export the model again");
            n.Bind(0, rounded);
        }
        else if (x.Initializer is { } tensor)
        {
            var kind = x.Type switch
            {
                OnnxDataType.UInt8 => BaseKind.UInt8,
                OnnxDataType.Int8 => BaseKind.Int8,
                OnnxDataType.Int32 => BaseKind.Int32,
                _ => throw EdbException.Refused($"weights of type {x.Type} are not handled; quantize weights to int8 or uint8 and biases to int32"),
            };
            n.Bind(0, Weights(x, new QuantizedBase(tensor, kind, quantization)));
        }
        else
        {
            n.Emit(new QuantizationOperator(QuantizationForm.Dequantize, quantization), x.Shape, n.AnyValue(0));
        }
    }

    /// <summary>The last layer of a model gets a new one: what its weights were quantized with is of no meaning any more.</summary>
    static bool IsReplaced(Operand x) => x is { Initializer: not null, Base: RegeneratedParameterBase or ZeroParameterBase };

    static Operand Weights(Operand x, QuantizedBase @base) => new()
    {
        Initializer = x.Initializer,
        InitializerName = x.InitializerName,
        Shape = x.Shape,
        Base = @base,
    };

    static Quantization Of(NodeImport n, Operand x, OnnxDataType type)
    {
        var (low, high) = type switch
        {
            OnnxDataType.UInt8 => (0, byte.MaxValue),
            OnnxDataType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            OnnxDataType.UInt16 => (0, ushort.MaxValue),
            OnnxDataType.Int16 => (short.MinValue, short.MaxValue),
            OnnxDataType.Int32 when x.Initializer is not null => (int.MinValue, int.MaxValue),
            _ => throw EdbException.Refused($"quantization to {type} is not handled; int8 and uint8 are, and int32 for biases: "
                + "quantize the model to 8 bits"),
        };
        ImportShapes.Expect(n.IsConstant(1) && (!n.Has(2) || n.IsConstant(2)),
            "its scale is computed at run time, and has to be a constant here; quantize the model statically, in QDQ form");
        ImportShapes.Expect(n.Node.Int("block_size", 0) == 0, "it quantizes in blocks, which is not handled; quantize per tensor or per channel");
        var scale = n.Constant(1);
        var scales = scale.ToFloats();
        ImportShapes.Expect(AllScales(n, s => s >= 0 && float.IsFinite(s)), "a scale is negative or no number; quantize the model again");
        var zeroPoints = n.Has(2) ? n.Ints(2).Select(zeroPoint => checked((int)zeroPoint)).ToArray() : new int[scales.Length];
        ImportShapes.Expect(zeroPoints.Length == scales.Length,
            $"there are {scales.Length} scales and {zeroPoints.Length} zero points; export the model again");
        foreach (var zeroPoint in zeroPoints)
            ImportShapes.Expect(zeroPoint >= low && zeroPoint <= high, $"zero point {zeroPoint} is outside {low}..{high}; export the model again");
        if (scales.Length == 1) return new(scales, zeroPoints, 1, low, high);
        ImportShapes.Expect(scale.Shape.Rank == 1, $"its scale has shape {scale.Shape}, which is not handled; quantize per tensor or per channel");
        var axis = x.Shape.Axis(n.Node.Int("axis", 1));
        ImportShapes.Expect(scales.Length == x.Shape[axis], $"there are {scales.Length} scales for dimension {axis} of {x.Shape}; export the model again");
        return new(scales, zeroPoints, Math.Max(1, x.Shape.Product(axis + 1, x.Shape.Rank)), low, high);
    }

    static bool AllScales(NodeImport n, Predicate<float> holds) => Array.TrueForAll(n.Constant(1).ToFloats(), holds);
}
