namespace EdgeDropBack.Tests.Operators;

static class ShapeCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("Concat of two", m => m.Op("Concat", m.Activation("a", [2, 3]), m.Activation("b", [2, 2])).Int("axis", 1)),
        new("Concat along the first axis", m =>
            m.Op("Concat", m.Activation("a", [2, 3]), m.Weight("b", [1, 3]), m.Activation("c", [3, 3])).Int("axis", 0)),
        new("Concat along a negative axis", m =>
            m.Op("Concat", m.Activation("a", [2, 3, 2]), m.Activation("b", [2, 1, 2])).Int("axis", -2)),
        new("Concat of a value with itself", m => m.Op("Concat", m.Activation("a", [2, 3]), "a").Int("axis", 1)),
        new("Concat of one", m => m.Op("Concat", m.Activation("a", [2, 3])).Int("axis", 0), 7),
        Then("Flatten", m => m.Node("Flatten", [m.Activation("x", [2, 3, 4])], "h")),
        Then("Flatten axis 2", m => m.Node("Flatten", [m.Activation("x", [2, 3, 4])], "h").Int("axis", 2)),
        Then("Flatten axis 0", m => m.Node("Flatten", [m.Activation("x", [2, 3, 4])], "h").Int("axis", 0)),
        Then("Flatten axis -1", m => m.Node("Flatten", [m.Activation("x", [2, 3, 4])], "h").Int("axis", -1), 11),
        Then("Flatten opset 7", m => m.Node("Flatten", [m.Activation("x", [2, 3, 4])], "h"), 7),
        Then("Reshape", m => m.Node("Reshape", [m.Activation("x", [2, 6]), m.Ints("s", 3, 4)], "h")),
        Then("Reshape open and kept", m => m.Node("Reshape", [m.Activation("x", [2, 3, 4]), m.Ints("s", 0, -1)], "h")),
        Then("Reshape allowzero", m => m.Node("Reshape", [m.Activation("x", [2, 6]), m.Ints("s", 4, -1)], "h").Int("allowzero", 1)),
        Then("Reshape attribute", m => m.Node("Reshape", [m.Activation("x", [2, 6])], "h").Ints("shape", 3, -1), 4),
        Then("Reshape by shape arithmetic", m =>
        {
            m.Activation("x", [2, 3, 4]);
            m.Node("Shape", ["x"], "s");
            m.Node("Gather", ["s", m.IntScalar("zero", 0)], "n").Int("axis", 0);
            m.Node("Unsqueeze", ["n", m.Ints("axes", 0)], "n1");
            m.Node("Constant", [], "rest").Tensor("value", [-1L], 1);
            m.Node("Concat", ["n1", "rest"], "target").Int("axis", 0);
            m.Node("Reshape", ["x", "target"], "h");
        }),
        Then("Reshape by a slice of a shape, cast", m =>
        {
            m.Activation("x", [2, 3, 4]);
            m.Node("Shape", ["x"], "s");
            m.Node("Slice", ["s", m.Ints("from", 1), m.Ints("to", 3)], "tail");
            m.Node("Cast", ["tail"], "f").Int("to", 1);
            m.Node("Cast", ["f"], "i").Int("to", 7);
            m.Node("Concat", [m.Ints("two", 2), "i"], "target").Int("axis", 0);
            m.Node("Reshape", ["x", "target"], "h");
        }),
        Then("Reshape by a slice with attributes", m =>
        {
            m.Activation("x", [2, 3, 4]);
            m.Node("Shape", ["x"], "s");
            m.Node("Slice", ["s"], "n").Ints("starts", 0).Ints("ends", 1).Ints("axes", 0);
            m.Node("Concat", ["n", m.Ints("rest", -1)], "target").Int("axis", 0);
            m.Node("Reshape", ["x", "target"], "h");
        }, 9),
        Then("Transpose", m => m.Node("Transpose", [m.Activation("x", [3, 4])], "h")),
        Then("Transpose perm", m => m.Node("Transpose", [m.Activation("x", [2, 3, 4])], "h").Ints("perm", 2, 0, 1)),
        Then("Transpose to channels last", m => m.Node("Transpose", [m.Activation("x", [2, 3, 4, 2])], "h").Ints("perm", 0, 2, 3, 1), 7),
        Then("Transpose of what is copied", m => m.Node("Transpose", [m.Activation("x", [1, 3, 1, 4])], "h").Ints("perm", 0, 2, 1, 3)),
        Then("Squeeze axes input", m => m.Node("Squeeze", [m.Activation("x", [2, 1, 3, 1]), m.Ints("axes", 1, -1)], "h"), 13),
        Then("Squeeze axes attribute", m => m.Node("Squeeze", [m.Activation("x", [2, 1, 3, 1])], "h").Ints("axes", 1), 11),
        Then("Squeeze all", m => m.Node("Squeeze", [m.Activation("x", [1, 6, 1])], "h")),
        Then("Unsqueeze axes input", m => m.Node("Unsqueeze", [m.Activation("x", [2, 3]), m.Ints("axes", 0, -1)], "h"), 13),
        Then("Unsqueeze axes attribute", m => m.Node("Unsqueeze", [m.Activation("x", [2, 3])], "h").Ints("axes", 1), 7),
        Then("Identity", m => m.Node("Identity", [m.Activation("x", [2, 3])], "h")),
        Then("Dropout", m => m.Node("Dropout", [m.Activation("x", [2, 3])], "h")),
        Then("Dropout ratio input", m => m.Node("Dropout", [m.Activation("x", [2, 3]), m.Scalar("ratio", 0.3f)], "h"), 13),
        Then("Dropout ratio attribute", m => m.Node("Dropout", [m.Activation("x", [2, 3])], "h").Float("ratio", 0.3f), 7),
        Then("Dropout with its mask unnamed", m => m.Node("Dropout", [m.Activation("x", [2, 3])], "h", ""), 10),
        Then("Cast to float", m => m.Node("Cast", [m.Activation("x", [2, 3])], "h").Int("to", 1)),
        Then("Slice", m => m.Node("Slice", [m.Activation("x", [4, 5]), m.Ints("s", 1, 0), m.Ints("e", 3, 4)], "h")),
        Then("Slice steps", m =>
            m.Node("Slice", [m.Activation("x", [4, 7]), m.Ints("s", 1), m.Ints("e", 100), m.Ints("a", -1), m.Ints("p", 3)], "h")),
        Then("Slice backwards", m =>
            m.Node("Slice", [m.Activation("x", [4, 5]), m.Ints("s", -1, 3), m.Ints("e", -100, 0), m.Ints("a", 1, 0), m.Ints("p", -2,
            -1)], "h")),
        Then("Slice attributes", m =>
            m.Node("Slice", [m.Activation("x", [4, 5])], "h").Ints("starts", 1).Ints("ends", -1).Ints("axes", 1), 9),
        Then("Slice of a weight", m => m.Node("Slice", [m.Weight("x", [4, 5]), m.Ints("s", 1), m.Ints("e", 3)], "h")),
        Split("Split equal", m => m.Node("Split", [m.Activation("x", [2, 4])], "a", "b").Int("axis", 1)),
        Split("Split sizes input", m => m.Node("Split", [m.Activation("x", [4, 3]), m.Ints("sizes", 2, 2)], "a", "b"), 13),
        Split("Split sizes attribute", m => m.Node("Split", [m.Activation("x", [2, 4])], "a", "b").Int("axis", -1).Ints("split", 2, 2), 11),
        Split("Split num_outputs", m => m.Node("Split", [m.Activation("x", [2, 6])], "a", "b").Int("axis", 1).Int("num_outputs", 2), 18),
        Then("Split, one part unread", m =>
            m.Node("Split", [m.Activation("x", [2, 5]), m.Ints("sizes", 2, 3)], "unread", "h").Int("axis", 1)),
        Then("Expand", m => m.Node("Expand", [m.Activation("x", [3, 1]), m.Ints("s", 2, 1, 4)], "h")),
        Then("Expand of a weight", m => m.Node("Expand", [m.Weight("x", [4]), m.Ints("s", 3, 4)], "h")),
        Then("Tile", m => m.Node("Tile", [m.Activation("x", [2, 3]), m.Ints("r", 3, 2)], "h")),
        Then("Gather rows", m => m.Node("Gather", [m.Weight("table", [5, 3]), Index(m, [2, 2], 4, 0, 4, -2)], "h")),
        Then("Gather columns", m => m.Node("Gather", [m.Activation("x", [2, 4, 2]), m.Ints("i", 1, 1, 3)], "h").Int("axis", 1)),
        Then("Gather one", m => m.Node("Gather", [m.Activation("x", [2, 4]), m.IntScalar("i", -1)], "h").Int("axis", 1), 7),
        Then("Gather by what is computed", m =>
        {
            m.Activation("x", [3, 4]);
            m.Node("ArgMax", ["x"], "i").Int("axis", 1).Int("keepdims", 0);
            m.Node("ArgMin", ["x"], "j").Int("axis", 1).Int("keepdims", 0);
            m.Node("Gather", ["x", "i"], "a").Int("axis", 1);
            m.Node("Gather", ["x", "j"], "b").Int("axis", 1);
            m.Node("Mul", ["a", "b"], "h");
        }),
        Then("GatherElements", m =>
            m.Node("GatherElements", [m.Activation("x", [3, 4]), Index(m, [2, 3], 0, 3, -1, 1, 1, 1)], "h").Int("axis", 1)),
        Then("GatherElements rows", m =>
            m.Node("GatherElements", [m.Activation("x", [3, 3]), Index(m, [2, 3], 0, 2, 1, 2, 2, 1)], "h"), 11),
        Then("Pad constant", m => m.Node("Pad", [m.Activation("x", [2, 3]), m.Ints("p", 1, 0, 0, 2), m.Scalar("v", 0.7f)], "h")),
        Then("Pad reflect", m => m.Node("Pad", [m.Activation("x", [2, 4]), m.Ints("p", 0, 2, 1, 3)], "h").String("mode", "reflect")),
        Then("Pad edge", m => m.Node("Pad", [m.Activation("x", [2, 3]), m.Ints("p", 1, 2, 0, 1)], "h").String("mode", "edge")),
        Then("Pad wrap", m => m.Node("Pad", [m.Activation("x", [2, 3]), m.Ints("p", 1, 2, 0, 4)], "h").String("mode", "wrap"), 19),
        Then("Pad crop", m => m.Node("Pad", [m.Activation("x", [3, 4]), m.Ints("p", -1, 1, 0, -2)], "h")),
        Then("Pad axes", m => m.Node("Pad", [m.Activation("x", [2, 3]), m.Ints("p", 1, 2), "", m.Ints("a", -1)], "h"), 18),
        Then("Pad attributes", m => m.Node("Pad", [m.Activation("x", [2, 3])], "h").Ints("pads", 0, 1, 1, 0).Float("value", 0.5f), 10),
        Then("DepthToSpace", m => m.Node("DepthToSpace", [m.Activation("x", [1, 8, 2, 3])], "h").Int("blocksize", 2)),
        Then("DepthToSpace CRD", m =>
            m.Node("DepthToSpace", [m.Activation("x", [1, 8, 2, 3])], "h").Int("blocksize", 2).String("mode", "CRD"), 11),
        Then("SpaceToDepth", m => m.Node("SpaceToDepth", [m.Activation("x", [1, 2, 4, 6])], "h").Int("blocksize", 2)),
        Then("CastLike", m => m.Node("CastLike", [m.Activation("x", [2, 3]), m.Scalar("like", 1f)], "h")),
        Then("Reshape by what PyTorch writes for expand", m =>
        {
            m.Activation("x", [1, 3]);
            m.Node("ConstantOfShape", [m.Ints("rank", 2)], "ones").Tensor("value", [1L], 1);
            m.Node("Mul", ["ones", m.Ints("minus", -1)], "negative");
            m.Node("Equal", [m.Ints("target", 4, -1), "negative"], "is");
            m.Node("Where", ["is", "ones", "target"], "shape");
            m.Node("Expand", ["x", "shape"], "h");
        }),
        Then("Reshape by sizes, divided and floored", m =>
        {
            m.Activation("x", [2, 6]);
            m.Node("Size", ["x"], "n");
            m.Node("Cast", ["n"], "f").Int("to", 1);
            m.Node("Div", ["f", m.Scalar("by", 5f)], "d");
            m.Node("Floor", ["d"], "fl");
            m.Node("Cast", ["fl"], "i").Int("to", 7);
            m.Node("Range", [m.IntScalar("from", 1), m.IntScalar("limit", 3), "i"], "r");
            m.Node("ReduceProd", ["r"], "p").Int("keepdims", 1);
            m.Node("Concat", [m.Ints("rows", -1), "p"], "t").Int("axis", 0);
            m.Node("Reshape", ["x", "t"], "h");
        }),
        new("a view of a view of what two nodes read", m =>
        {
            m.Activation("x", [2, 6]);
            m.Node("Reshape", ["x", m.Ints("s", 3, 4)], "h");
            m.Node("Unsqueeze", ["h", m.Ints("axes", 0)], "u");
            m.Node("Sigmoid", ["u"], "a");
            m.Node("Flatten", ["a"], "f");
            m.Node("Tanh", ["x"], "t");
            m.Node("Flatten", ["t"], "g").Int("axis", 0);
            m.Op("Mul", "f", "g");
        }),
        new("an output that is a view", m =>
        {
            m.Node("Relu", [m.Activation("x", [2, 6])], "r");
            m.Op("Reshape", "r", m.Ints("s", 3, 4));
        }),
    ];

    static string Index(CaseModel m, long[] dims, params long[] values)
    {
        m.Node("Constant", [], "index").Tensor("value", values, dims);
        return "index";
    }

    /// <summary>The operator writes a and b of equal shape.</summary>
    static GradientCase Split(string name, Action<CaseModel> build, long opset = 17) => new(name, m =>
    {
        build(m);
        m.Op("Mul", "a", "b");
    }, opset);

    /// <summary>The shape operator writes h; what follows makes its elements differ in their gradients' order.</summary>
    static GradientCase Then(string name, Action<CaseModel> build, long opset = 17) => new(name, m =>
    {
        build(m);
        m.Op("Tanh", "h");
    }, opset);
}
