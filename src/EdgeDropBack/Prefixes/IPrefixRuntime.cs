namespace EdgeDropBack.Prefixes;

/// <summary>Runs models that this engine does not train, such as Microsoft.ML.OnnxRuntime.</summary>
interface IPrefixRuntime
{
    /// <summary>Name and version, for messages, reports and caches.</summary>
    string Name { get; }

    /// <summary>Loads a model whose outputs are wanted by name.</summary>
    /// <param name="model">An ONNX file's bytes.</param>
    /// <param name="path">Where the model was cut from: named in errors, and its folder holds external data.</param>
    /// <param name="outputs">Names, in the order that runs give values in.</param>
    /// <exception cref="EdbException">Exit code 3: the runtime is not there, or refuses the model.</exception>
    IPrefix Load(byte[] model, string path, IReadOnlyList<string> outputs);
}
