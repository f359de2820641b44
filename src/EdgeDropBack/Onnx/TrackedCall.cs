using System.Runtime.InteropServices;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>What a compact export makes of the call that stands for a weight tensor.</summary>
/// <param name="Base">Seed and scale as training left them; null where the base is zero.</param>
/// <param name="Shape">Of the tensor.</param>
/// <param name="Gaps">See <see cref="TrackedFunction"/>; empty where nothing is tracked.</param>
/// <param name="Values">[gaps]</param>
sealed record TrackedCall(RegeneratedBase? Base, IReadOnlyList<long> Shape, ushort[] Gaps, float[] Values)
{
    public BaseFunction Function => BaseFunction.All.First(f => f.Distribution == (Base?.Distribution ?? Distribution.Constant));

    public bool HasEntries => Gaps.Length > 0;

    /// <param name="weights">The parameter with the tracked values over it.</param>
    public static TrackedCall Of(Parameter parameter, WeightSource weights)
    {
        var @base = parameter.Source();
        var (gaps, values) = (new List<ushort>(weights.Values.Length), new List<float>(weights.Values.Length));
        var last = 0L;
        for (var tile = 0; tile + 1 < weights.TileStarts.Length; tile++)
        {
            for (var entry = weights.TileStarts[tile]; entry < weights.TileStarts[tile + 1]; entry++)
            {
                var index = (long)tile * WeightSource.TileSize + weights.Indices[entry];
                for (; index - last > TrackedFunction.MaxGap; last += TrackedFunction.MaxGap)
                {
                    gaps.Add(TrackedFunction.MaxGap);
                    values.Add(@base[last + TrackedFunction.MaxGap]);
                }
                gaps.Add((ushort)(index - last));
                values.Add(weights.Values[entry]);
                last = index;
            }
        }
        return new(@base.Kind == BaseKind.Zero ? null : @base.Regenerated, [.. parameter.Shape.Dims.Select(d => (long)d)], [.. gaps], [.. values]);
    }

    /// <summary>The call, with the initializers that go with it as inputs.</summary>
    public ProtoWriter Node(string name, string output)
    {
        string[] inputs = HasEntries ? [GapsOf(output), ValuesOf(output)] : [];
        var node = new OnnxNodeBuilder(HasEntries ? TrackedFunction.NameOf(Function) : Function.Name, inputs, [output], name, BaseFunction.Domain)
            .Ints(BaseFunction.Shape, Shape);
        if (Function.Distribution == Distribution.Constant) return node.Float(BaseFunction.Value, Base?.Scale ?? 0f).Message;
        return node.Int(BaseFunction.Seed, Base!.Value.Seed).Int(BaseFunction.Tensor, Base.Value.Tensor).Float(BaseFunction.Scale, Base.Value.Scale).Message;
    }

    public IEnumerable<ProtoWriter> Initializers(string output)
    {
        if (!HasEntries) yield break;
        yield return ProtoMessages.Tensor(GapsOf(output), OnnxDataType.UInt16, MemoryMarshal.AsBytes<ushort>(Gaps), [Gaps.Length]);
        yield return ProtoMessages.Tensor(ValuesOf(output), Values, [Values.Length]);
    }

    static string GapsOf(string output) => output + "/gaps";

    static string ValuesOf(string output) => output + "/values";
}
