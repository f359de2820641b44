using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>A call of a <see cref="BaseFunction"/>: the weight tensor that it stands for.</summary>
static class BaseCall
{
    /// <summary>The operand of the call's output; nothing is computed.</summary>
    /// <param name="seed">Takes the place of the call's own; null keeps that.</param>
    /// <exception cref="EdbException">Exit code 3: an attribute is missing or out of range.</exception>
    public static Operand Import(BaseFunction function, OnnxNode call, uint? seed)
    {
        ImportShapes.Expect(call.Inputs.Count == 0 && call.Outputs.Count == 1,
            $"{function} has {call.Inputs.Count} inputs and {call.Outputs.Count} outputs, expected none and one");
        var dims = call.Ints(BaseFunction.Shape) ?? throw Missing(function, BaseFunction.Shape);
        ImportShapes.Expect(dims.Count > 0 && dims.All(dim => dim > 0), $"{BaseFunction.Shape} is [{string.Join(", ", dims)}], expected dimensions of 1 or more");
        return new Operand
        {
            InitializerName = call.Outputs[0],
            Shape = ImportShapes.ToShape(dims, BaseFunction.Shape),
            Base = function.Distribution == Distribution.Constant ? Constant(function, call) : Regenerated(function, call, seed),
        };
    }

    /// <summary>Names of the weights that the model computes.</summary>
    public static HashSet<string> Outputs(OnnxModel model)
        => [.. model.Graph.Nodes.Where(node => FunctionCall.Find(model, node)?.Base is not null).Select(node => node.Outputs[0])];

    /// <summary>The seed of the first call that has one, and one that differs from it; null where there is none. A seed that is out of range counts
    /// as 0: the import refuses it, and names the node.</summary>
    public static (uint? First, uint? Other) SeedsOf(OnnxModel model)
    {
        uint? first = null;
        foreach (var node in model.Graph.Nodes)
        {
            if (FunctionCall.Find(model, node)?.Base is not { Distribution: not Distribution.Constant }) continue;
            var seed = node.Int(BaseFunction.Seed, 0) is var word and >= 0 and <= uint.MaxValue ? (uint)word : 0;
            first ??= seed;
            if (seed != first) return (first, seed);
        }
        return (first, null);
    }

    static ParameterBase Constant(BaseFunction function, OnnxNode call)
    {
        var value = Number(function, call, BaseFunction.Value);
        return value == 0 ? new ZeroParameterBase() : new RegeneratedParameterBase(new RegeneratedBase(0, 0, value, Distribution.Constant));
    }

    static RegeneratedParameterBase Regenerated(BaseFunction function, OnnxNode call, uint? seed)
    {
        var scale = Number(function, call, BaseFunction.Scale);
        ImportShapes.Expect(scale > 0, $"{BaseFunction.Scale} is {scale}, expected a number above 0");
        var own = Word(function, call, BaseFunction.Seed);
        return new(new RegeneratedBase(seed ?? own, Word(function, call, BaseFunction.Tensor), scale, function.Distribution));
    }

    static float Number(BaseFunction function, OnnxNode call, string name)
    {
        if (!call.Has(name)) throw Missing(function, name);
        var value = call.Float(name, 0f);
        ImportShapes.Expect(float.IsFinite(value), $"{name} is {value}, expected a finite number");
        return value;
    }

    static uint Word(BaseFunction function, OnnxNode call, string name)
    {
        if (!call.Has(name)) throw Missing(function, name);
        var value = call.Int(name, 0);
        ImportShapes.Expect(value is >= 0 and <= uint.MaxValue, $"{name} is {value}, expected 0 to {uint.MaxValue}");
        return (uint)value;
    }

    static EdbException Missing(BaseFunction function, string name)
        => EdbException.Refused($"{function} is called without {name}; write the model again with `edb new`");
}
