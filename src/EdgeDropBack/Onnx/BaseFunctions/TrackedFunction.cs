namespace EdgeDropBack.Onnx;

/// <summary>
/// A function of a compact export: a <see cref="BaseFunction"/> with the tracked values laid over it. Its body calls that one and scatters
/// the values over the flat result, all in standard operators.
/// </summary>
/// <remarks>
/// Input "gaps" is uint16 [entries]: each entry's flat index less the one before, the first less 0; input "values" is float [entries].
/// </remarks>
static class TrackedFunction
{
    /// <summary>The widest gap that one entry has; wider ones take further entries that repeat the base.</summary>
    public const int MaxGap = ushort.MaxValue;

    const string Gaps = "gaps", Values = "values";

    public static string NameOf(BaseFunction function) => $"Tracked{function.Name}";

    public static bool IsCalledBy(OnnxNode node) => node.Domain == BaseFunction.Domain && BaseFunction.All.Any(function => NameOf(function) == node.OpType);

    /// <summary>What a model that calls it is told.</summary>
    public const string Refusal = "a compact export is for other runtimes; here give the model that it was made from, with --store, or export it plainly";

    /// <exception cref="EdbException">Exit code 3: the model is a compact export.</exception>
    public static void RefuseCalls(OnnxModel model)
    {
        if (model.Graph.Nodes.Any(node => IsCalledBy(node) && FunctionCall.Find(model, node) is not null)) throw EdbException.Refused($"{model.Path}: {Refusal}");
    }

    public static OnnxFunctionBuilder Build(BaseFunction function)
    {
        var body = new OnnxFunctionBuilder(BaseFunction.Domain, NameOf(function), [Gaps, Values], ["weights"], function.Attributes, BaseFunction.Opset)
            .Import(BaseFunction.Domain, BaseFunction.DomainVersion);
        var call = body.Node(function.Name, [], ["base"], domain: BaseFunction.Domain);
        foreach (var attribute in function.Attributes) call.Reference(attribute, TypeOf(attribute), attribute);
        body.Node("Constant", [], ["shape"]).Reference("value_ints", OnnxAttributeType.Ints, BaseFunction.Shape);
        body.Node("Constant", [], ["all"]).Ints("value_ints", -1);
        body.Node("Constant", [], ["first"]).Int("value_int", 0);
        body.Node("Reshape", ["base", "all"], ["flat"]);
        body.Node("Cast", [Gaps], ["steps"]).Int("to", (long)OnnxDataType.Int64);
        body.Node("CumSum", ["steps", "first"], ["indices"]);
        body.Node("ScatterElements", ["flat", "indices", Values], ["laid"]).Int("axis", 0);
        body.Node("Reshape", ["laid", "shape"], ["weights"]);
        return body;
    }

    static OnnxAttributeType TypeOf(string attribute) => attribute switch
    {
        BaseFunction.Shape => OnnxAttributeType.Ints,
        BaseFunction.Scale or BaseFunction.Value => OnnxAttributeType.Float,
        _ => OnnxAttributeType.Int,
    };
}
