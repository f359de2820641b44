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

    /// <summary>The shape operator writes h; what follows makes its elements differ in their gradients' order.</summary>
    static GradientCase Then(string name, Action<CaseModel> build, long opset = 17) => new(name, m =>
    {
        build(m);
        m.Op("Tanh", "h");
    }, opset);
}
