using System.Text;
using CsCheck;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>One change of a model that leaves the wire format sound, but for false lengths: hostile numbers and names, other wiring.</summary>
readonly record struct WireEdit(WireEditKind Kind, uint Place, uint Other, long Value)
{
    const int Levels = 40;

    static readonly byte[][] s_texts =
    [
        .. new[] { "", "x", "y", "one", "a\nb", "\u0007\u001b[2J", "../../etc/passwd", "%s{0}", "perm", "axes", "pads", "strides", "kernel_shape", "group", "mode" }
            .Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xC0], Encoding.UTF8.GetBytes(new string('n', 5000)), new byte[70_000],
    ];

    static readonly Gen<WireEdit> s_any = Gen.Select(
        Gen.Frequency((5, Gen.Const(WireEditKind.Number)), (3, Gen.Const(WireEditKind.Rewire)), (6, Gen.Enum<WireEditKind>())),
        Gen.UInt, Gen.UInt, HostileNumbers.All, (kind, place, other, value) => new WireEdit(kind, place, other, value));

    /// <summary>One of the samples with a few changes.</summary>
    public static Gen<byte[]> Of(IReadOnlyList<byte[]> samples)
        => Gen.Select(Gen.Int[0, samples.Count - 1], Gen.Int[0, samples.Count - 1], Edits.Few(s_any), (sample, donor, edits) =>
        {
            var model = WireNode.Parse(samples[sample]);
            foreach (var edit in edits) edit.Apply(model, samples[donor]);
            return WireNode.Write(model);
        });

    void Apply(List<WireNode> model, byte[] donor)
    {
        var kind = Kind;
        var all = All(model).Where(at => Fits(kind, at.Of[at.Index])).ToArray();
        if (all.Length == 0) return;
        var (of, index) = all[Place % all.Length];
        var node = of[index];
        switch (Kind)
        {
            case WireEditKind.Number:
                if (node.Type == WireType.Varint) node.Number = (ulong)Value;
                else node.Bytes = [.. BitConverter.GetBytes(Other), .. node.Bytes.Skip(4)];
                break;
            case WireEditKind.Text: node.Bytes = s_texts[Other % s_texts.Length]; break;
            case WireEditKind.Operator: node.Bytes = Encoding.UTF8.GetBytes(OperatorRegistry.Names[(int)(Other % OperatorRegistry.Names.Count)]); break;
            case WireEditKind.Rewire: node.Bytes = all[Other % all.Length] is var other ? other.Of[other.Index].Bytes : []; break;
            case WireEditKind.Delete: of.RemoveAt(index); break;
            case WireEditKind.Duplicate: of.Insert((int)(Other % (of.Count + 1)), node.Copy()); break;
            case WireEditKind.Swap: (of[index], of[(int)(Other % of.Count)]) = (of[(int)(Other % of.Count)], node); break;
            case WireEditKind.FieldNumber: node.Field = 1 + (int)(Other % 26); break;
            case WireEditKind.FalseLength: node.FalseLength = Math.Clamp(Value, -node.Bytes.Length, 1 << 20); break;
            case WireEditKind.Nest: Nest(node); break;
            case WireEditKind.Splice:
                var donors = All(WireNode.Parse(donor)).Select(at => at.Of[at.Index]).Where(n => n.Parent == node.Parent).ToArray();
                if (donors.Length > 0) of.Insert(index, donors[Other % donors.Length]);
                break;
        }
    }

    static bool Fits(WireEditKind kind, WireNode node) => kind switch
    {
        WireEditKind.Number => node.Type != WireType.Bytes || node is { Parent: "Tensor", Children: null, Bytes.Length: > 0 },
        WireEditKind.Text => node is { Type: WireType.Bytes, Children: null },
        WireEditKind.Operator => node is { Parent: "Node", Field: 4 },
        WireEditKind.Rewire => node is { Parent: "Node" or "Function", Field: 1 or 2 or 4 or 5, Children: null } or { Parent: "ValueInfo", Field: 1 },
        WireEditKind.FalseLength => node.Type == WireType.Bytes,
        WireEditKind.Nest => node is { Parent: "Graph", Field: 1, Children: not null },
        _ => true,
    };

    /// <summary>The node's attribute is a graph with the node in it, and so on.</summary>
    void Nest(WireNode node)
    {
        for (var level = 0; level < 1 + Other % Levels; level++)
        {
            var inner = new WireNode { Field = 1, Type = WireType.Bytes, Parent = "Graph", Children = [.. node.Children!.Select(child => child.Copy())] };
            node.Children!.RemoveAll(child => child.Field == 5);
            node.Children.Add(new()
            {
                Field = 5,
                Type = WireType.Bytes,
                Parent = "Node",
                Children =
                [
                    new() { Field = 1, Type = WireType.Bytes, Parent = "Attribute", Bytes = "then_branch"u8.ToArray() },
                    new() { Field = 6, Type = WireType.Bytes, Parent = "Attribute", Children = [inner] },
                ],
            });
        }
    }

    static IEnumerable<(List<WireNode> Of, int Index)> All(List<WireNode> nodes)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            yield return (nodes, i);
            if (nodes[i].Children is { } children) foreach (var inner in All(children)) yield return inner;
        }
    }
}
