namespace EdgeDropBack.Kernels;

/// <summary>Elementwise functions of two tensors a and b under numpy broadcasting.</summary>
public enum BinaryKind
{
    Add,
    Sub,
    Mul,
    Div,
    Pow,

    /// <summary>NaN in either operand wins; at ties each operand gets half the gradient (as PyTorch).</summary>
    Min,

    /// <inheritdoc cref="Min"/>
    Max,

    /// <summary>a &gt; 0 ? a : a b, b being the slope.</summary>
    PRelu,
}
