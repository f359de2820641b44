namespace EdgeDropBack.Onnx;

/// <summary>
/// Nodes that were exported as they train. They are evaluated, and exported again, as they infer: with running statistics, without dropout.
/// </summary>
static class TrainingForm
{
    const int TrainingModeAttribute = 14, TrainingModeInput = 12, NoTestFlag = 7;

    /// <summary>Why `edb inspect` shows the node as changed.</summary>
    public static string Remark(OnnxNode node) => node.OpType == "Dropout" ? "exported in training mode: passes its input on, as in inference"
        : "exported in training mode: evaluated with its running statistics";

    /// <summary>Whether an export changes the node: what Dropout is told by its input 2 is of no meaning while inferring.</summary>
    public static bool IsOf(OnnxNode node, int opset) => node switch
    {
        { Domain: not ("" or "ai.onnx") } => false,
        { OpType: "BatchNormalization" } => opset >= TrainingModeAttribute ? node.Int("training_mode", 0) != 0
            : node.Outputs.Skip(1).Any(output => output.Length > 0) || (opset < NoTestFlag && node.Int("is_test", 0) == 0),
        { OpType: "Dropout" } => opset >= TrainingModeInput ? node.Inputs.Count > 2 && node.Inputs[2].Length > 0 : opset < NoTestFlag && node.Int("is_test", 0) == 0,
        _ => false,
    };

    /// <summary>The attribute that is dropped from the node; empty where it has none.</summary>
    public static string Attribute(OnnxNode node, int opset) => node.OpType == "BatchNormalization" && opset >= TrainingModeAttribute ? "training_mode"
        : opset < NoTestFlag ? "is_test" : "";

    /// <summary>The node has to say that it infers.</summary>
    public static bool NeedsTestFlag(int opset) => opset < NoTestFlag;

    /// <summary>Inputs that stay.</summary>
    public static int Inputs(OnnxNode node, int opset) => node.OpType == "Dropout" && opset >= TrainingModeInput ? 2 : node.Inputs.Count;

    /// <summary>Outputs that stay: running statistics that somebody reads are passed on from the inputs.</summary>
    public static int Outputs(OnnxNode node) => node.OpType == "BatchNormalization" ? 1 : node.Outputs.Count;
}
