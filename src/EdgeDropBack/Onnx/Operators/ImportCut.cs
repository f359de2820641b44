using EdgeDropBack.Prefixes;

namespace EdgeDropBack.Onnx;

/// <summary>The part of a model that is imported, behind a front that is computed elsewhere.</summary>
/// <param name="Nodes">By node ordinal: what is imported.</param>
/// <param name="Values">What the front hands over for a sample. One value is the graph's input; of several the input is [batch, all their numbers].</param>
/// <param name="Constants">What the front computed once, by name.</param>
/// <param name="Shared">Initializers that the front reads too.</param>
/// <param name="Batch">Samples that <paramref name="Constants"/> were computed for: a batch size in them stands for the import's.</param>
sealed record ImportCut(bool[] Nodes, IReadOnlyList<CutValue> Values, IReadOnlyDictionary<string, ConstantTensor> Constants,
    IReadOnlySet<string> Shared, int Batch)
{
    public const string InputName = "prefix";
}
