namespace EdgeDropBack.Onnx;

/// <summary>An input of a node that reads an initializer of its own in the export.</summary>
/// <param name="Name">The new initializer.</param>
/// <param name="Input">Which input of the node.</param>
/// <param name="Type">The initializer's element type.</param>
/// <param name="Tensor">Its values.</param>
sealed record RewiredInput(string Name, int Input, OnnxDataType Type, ReplacedTensor Tensor);
