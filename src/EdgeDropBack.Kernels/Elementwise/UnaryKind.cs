namespace EdgeDropBack.Kernels;

/// <summary>Elementwise functions of one tensor; alpha and beta are the ONNX attributes named beside each, unused otherwise.</summary>
public enum UnaryKind
{
    /// <summary>max(x, 0); NaN stays NaN.</summary>
    Relu,

    /// <summary>x &gt; 0 ? x : alpha x. The backward pass needs alpha &gt;= 0.</summary>
    LeakyRelu,

    /// <summary>min(max(x, alpha), beta): alpha is min, beta is max; infinities where absent.</summary>
    Clip,

    Sigmoid,
    Tanh,

    /// <summary>x &gt; 0 ? x : alpha (e^x - 1). The backward pass needs alpha &gt;= 0.</summary>
    Elu,

    /// <summary>min(max(alpha x + beta, 0), 1).</summary>
    HardSigmoid,

    /// <summary>x min(max(x / 6 + 1/2, 0), 1).</summary>
    HardSwish,

    Softplus,
    Abs,
    Neg,
    Exp,
    Log,
    Sqrt,
    Reciprocal,
    Erf,

    /// <summary>x (1 + erf(x / sqrt 2)) / 2.</summary>
    Gelu,

    /// <summary>x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2.</summary>
    GeluTanh,

    /// <summary>x tanh(log(1 + e^x)).</summary>
    Mish,

    /// <summary>x / (1 + |x|).</summary>
    Softsign,

    /// <summary>beta (x &gt; 0 ? x : alpha (e^x - 1)): alpha is alpha, beta is gamma. The backward pass needs both &gt;= 0.</summary>
    Selu,

    /// <summary>x &gt; 0 ? x : alpha (e^(x / alpha) - 1). The backward pass needs alpha &gt; 0.</summary>
    Celu,

    /// <summary>x &gt; alpha ? x : 0.</summary>
    ThresholdedRelu,

    /// <summary>x &lt; -alpha ? x + beta : x &gt; alpha ? x - beta : 0: alpha is lambd, beta is bias.</summary>
    Shrink,

    /// <summary>x sigmoid(alpha x).</summary>
    Swish,

    Sign,
    Floor,
    Ceil,

    /// <summary>Nearest integer, halves to even.</summary>
    Round,
}
