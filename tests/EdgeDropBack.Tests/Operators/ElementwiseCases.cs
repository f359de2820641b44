namespace EdgeDropBack.Tests.Operators;

static class ElementwiseCases
{
    public static IEnumerable<GradientCase> All =>
    [
        .. Unary("Relu"), .. Unary("Sigmoid"), .. Unary("Tanh"), .. Unary("Softplus"), .. Unary("HardSwish", 4.1f),
        .. Unary("LeakyRelu"), .. Unary("Elu"), .. Unary("HardSigmoid", 3.9f),
        .. Unary("Abs"), .. Unary("Neg"), .. Unary("Exp"), .. Unary("Erf"), .. Unary("Mish", opset: 18), .. Unary("Softsign"), .. Unary("Selu"),
            .. Unary("Celu"),
        .. Unary("Gelu", opset: 20), .. Unary("Swish", opset: 24),
        new("Gelu tanh", m => m.Op("Gelu", m.Activation("x", [3, 8])).String("approximate", "tanh"), 20),
        new("Swish alpha", m => m.Op("Swish", m.Activation("x", [3, 8])).Float("alpha", 1.7f), 24),
        new("Log", m => m.Op("Log", m.Activation("x", [3, 8], 0.3f, 3f))),
        new("Sqrt", m => m.Op("Sqrt", m.Activation("x", [3, 8], 0.3f, 3f))),
        new("Reciprocal", m => m.Op("Reciprocal", m.Activation("x", [3, 8], 0.5f, 3f))),
        new("Selu alpha and gamma", m => m.Op("Selu", m.Activation("x", [3, 8])).Float("alpha", 1.2f).Float("gamma", 0.8f)),
        new("Celu alpha", m => m.Op("Celu", m.Activation("x", [3, 8])).Float("alpha", 0.6f), 12),
        new("ThresholdedRelu", m => m.Op("ThresholdedRelu", m.Activation("x", [3, 8])).Float("alpha", 0.7f)),
        new("Shrink", m => m.Op("Shrink", m.Activation("x", [3, 8])).Float("lambd", 0.7f).Float("bias", 0.3f)),
        new("Floor, Ceil, Round and Sign stop the gradient", m =>
        {
            m.Activation("x", [3, 8], -1.9f, 2.2f);
            m.Node("Floor", ["x"], "f");
            m.Node("Ceil", ["f"], "c");
            m.Node("Round", ["c"], "r");
            m.Node("Sign", ["r"], "s");
            m.Op("Mul", "s", "x");
        }),
        new("Pow by a scalar", m => m.Op("Pow", m.Activation("x", [3, 8], 0.3f, 2f), m.Scalar("p", 1.7f))),
        new("Pow of negatives by two", m => m.Op("Pow", m.Activation("x", [3, 8]), m.Scalar("p", 2f))),
        new("Pow by an integer", m => m.Op("Pow", m.Activation("x", [3, 8]), m.IntScalar("p", 3)), 13),
        new("Pow of activations", m => m.Op("Pow", m.Activation("x", [3, 4], 0.4f, 2f), m.Activation("p", [3, 1], -1f, 2f))),
        .. Variadic("Min"), .. Variadic("Max"), .. Variadic("Sum"), .. Variadic("Mean"),
        new("Where", m =>
        {
            m.Node("Greater", [m.Activation("c", [3, 4]), m.Scalar("zero", 0f)], "mask");
            m.Op("Where", "mask", m.Activation("a", [3, 4]), m.Weight("b", [4]));
        }),
        new("Where by a broadcast condition", m =>
        {
            m.Node("Less", [m.Activation("c", [3, 1], -2f, 1.5f), m.Scalar("zero", 0f)], "mask");
            m.Op("Where", "mask", m.Scalar("a", -7f), m.Activation("b", [2, 1, 4]));
        }),
        new("comparisons and logic choose", m =>
        {
            m.Activation("x", [3, 5]);
            m.Node("GreaterOrEqual", ["x", m.Scalar("low", -1.1f)], "a");
            m.Node("LessOrEqual", ["x", m.Scalar("high", 1.1f)], "b");
            m.Node("And", ["a", "b"], "c");
            m.Node("Not", ["c"], "d");
            m.Node("Xor", ["d", "a"], "e");
            m.Node("Or", ["e", "c"], "f");
            m.Node("Equal", ["f", "c"], "g");
            m.Node("IsNaN", ["x"], "n");
            m.Node("IsInf", ["x"], "i");
            m.Node("Or", ["n", "i"], "ni");
            m.Node("Xor", ["g", "ni"], "h");
            m.Node("Cast", ["h"], "k").Int("to", 1);
            m.Op("Mul", "x", "k");
        }),
        new("LeakyRelu alpha", m => m.Op("LeakyRelu", m.Activation("x", [3, 8])).Float("alpha", 0.3f)),
        new("LeakyRelu opset 7", m => m.Op("LeakyRelu", m.Activation("x", [3, 8])).Float("alpha", 0.3f), 7),
        new("Elu alpha", m => m.Op("Elu", m.Activation("x", [3, 8])).Float("alpha", 1.7f)),
        new("HardSigmoid alpha and beta", m => m.Op("HardSigmoid", m.Activation("x", [3, 8])).Float("alpha", 0.55f).Float("beta", 0.45f)),
        new("Clip inputs", m => m.Op("Clip", m.Activation("x", [3, 8]), m.Scalar("low", -0.9f), m.Scalar("high", 1.2f)), 13),
        new("Clip opset 11", m => m.Op("Clip", m.Activation("x", [3, 8]), m.Scalar("low", -0.9f), m.Scalar("high", 1.2f)), 11),
        new("Clip low only", m => m.Op("Clip", m.Activation("x", [3, 8]), m.Scalar("low", -0.9f))),
        new("Clip high only", m => m.Op("Clip", m.Activation("x", [3, 8]), "", m.Scalar("high", 0.9f))),
        new("Clip attributes", m => m.Op("Clip", m.Activation("x", [3, 8])).Float("min", -0.9f).Float("max", 1.2f), 7),
        new("Clip attributes of opset 6 in 10", m => m.Op("Clip", m.Activation("x", [3, 8])).Float("max", 1.2f), 10),
        new("PRelu per channel", m => m.Op("PRelu", m.Activation("x", [2, 3, 4, 2]), m.Weight("slope", [3, 1, 1]))),
        new("PRelu shared", m => m.Op("PRelu", m.Activation("x", [2, 3, 4]), m.Activation("slope", [1]))),
        new("PRelu full", m => m.Op("PRelu", m.Activation("x", [3, 4]), m.Weight("slope", [3, 4]))),
        new("PRelu opset 6", m => m.Op("PRelu", m.Activation("x", [2, 3, 4]), m.Weight("slope", [3])), 6),
        new("PRelu opset 7", m => m.Op("PRelu", m.Activation("x", [2, 3, 4]), m.Weight("slope", [3, 1])), 7),
        .. Binary("Add"), .. Binary("Sub"), .. Binary("Mul"), .. Binary("Div"),
        new("Mul of a value with itself", m => m.Op("Mul", m.Activation("x", [3, 4]), "x")),
        new("Add of a value with itself", m => m.Op("Add", m.Activation("x", [3, 4]), "x")),
        new("Sub of a value from itself transformed", m =>
        {
            m.Activation("x", [3, 4]);
            m.Node("Sigmoid", ["x"], "s");
            m.Op("Sub", "s", "x");
        }),
    ];

    static IEnumerable<GradientCase> Unary(string type, float reach = 2f, long opset = 17) =>
    [
        new(type, m => m.Op(type, m.Activation("x", [3, 8], -reach, reach)), opset),
        new(type + " behind and before others", m =>
        {
            m.Activation("x", [3, 5], 0.3f, 1.5f);
            m.Node("Mul", ["x", m.Weight("w", [5], -1.9f, 2.4f)], "h");
            m.Node(type, ["h"], "a");
            m.Op("Mul", "a", m.Weight("v", [3, 1]));
        }, opset, Tolerance: 2e-3),
    ];

    static IEnumerable<GradientCase> Variadic(string type) =>
    [
        new($"{type} of two", m => m.Op(type, m.Activation("a", [3, 4]), m.Weight("b", [3, 4], -1.9f, 2.3f))),
        new($"{type} of three, broadcast", m =>
            m.Op(type, m.Activation("a", [3, 4]), m.Activation("b", [4], -1.87f, 2.3f), m.Activation("c", [3, 1], -1f, 1.4f)), 8),
        new($"{type} of one", m => m.Op(type, m.Activation("a", [3, 4]))),
        new($"{type} of a value with itself", m => m.Op(type, m.Activation("a", [3, 4]), "a")),
    ];

    static IEnumerable<GradientCase> Binary(string type)
    {
        var forms = new (string Name, long[] A, long[] B)[]
        {
            ("of equal shapes", [3, 4], [3, 4]),
            ("by a row", [3, 4], [4]),
            ("by a column", [3, 4], [3, 1]),
            ("of a row by a matrix", [4], [3, 4]),
            ("per channel", [2, 3, 2, 2], [1, 3, 1, 1]),
            ("per channel without batch", [2, 3, 2, 2], [3, 1, 1]),
            ("by one", [3, 4], [1]),
            ("outer", [4, 1], [1, 5]),
            ("inner and outer", [2, 1, 3, 1], [1, 4, 1, 2]),
            ("of higher rank by lower", [2, 2, 3], [2, 3]),
        };
        foreach (var (name, a, b) in forms)
        {
            yield return new($"{type} {name}", m => m.Op(type, m.Activation("a", a), m.Weight("b", b, 0.6f, 2f)));
            yield return new($"{type} {name}, both computed", m => m.Op(type, m.Activation("a", a), m.Activation("b", b, -2f, -0.6f)), 7);
        }
        yield return new($"{type} by a constant scalar", m => m.Op(type, m.Activation("a", [3, 4]), m.Scalar("b", 1.7f)));
        yield return new($"{type} of a constant scalar", m => m.Op(type, m.Scalar("a", 1.7f), m.Activation("b", [3, 4], 0.6f, 2f)));
    }
}
