namespace EdgeDropBack.Tests.Operators;

static class ElementwiseCases
{
    public static IEnumerable<GradientCase> All =>
    [
        .. Unary("Relu"), .. Unary("Sigmoid"), .. Unary("Tanh"), .. Unary("Softplus"), .. Unary("HardSwish", 4.1f),
        .. Unary("LeakyRelu"), .. Unary("Elu"), .. Unary("HardSigmoid", 3.9f),
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

    static IEnumerable<GradientCase> Unary(string type, float reach = 2f, float low = float.NaN) =>
    [
        new(type, m => m.Op(type, m.Activation("x", [3, 8], float.IsNaN(low) ? -reach : low, reach))),
        new(type + " behind and before others", m =>
        {
            m.Activation("x", [3, 5], 0.3f, 1.5f);
            m.Node("Mul", ["x", m.Weight("w", [5], -1.9f, 2.4f)], "h");
            m.Node(type, ["h"], "a");
            m.Op("Mul", "a", m.Weight("v", [3, 1]));
        }, Tolerance: 2e-3),
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
