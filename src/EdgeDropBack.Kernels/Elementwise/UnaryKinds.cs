namespace EdgeDropBack.Kernels;

/// <summary>Facts about <see cref="UnaryKind"/> that the planner needs.</summary>
public static class UnaryKinds
{
    /// <summary>Which forward values the backward of <see cref="Elementwise"/> reads for this kind.</summary>
    public static BackwardReads BackwardReads(UnaryKind kind)
    {
        var visitor = new ReadsVisitor();
        Dispatch(kind, ref visitor);
        return visitor.Reads;
    }

    internal static void Dispatch<TVisitor>(UnaryKind kind, ref TVisitor visitor)
        where TVisitor : struct, IUnaryVisitor, allows ref struct
    {
        switch (kind)
        {
            case UnaryKind.Relu: visitor.Visit<UnaryOperators.Relu>(); break;
            case UnaryKind.LeakyRelu: visitor.Visit<UnaryOperators.LeakyRelu>(); break;
            case UnaryKind.Clip: visitor.Visit<UnaryOperators.Clip>(); break;
            case UnaryKind.Sigmoid: visitor.Visit<UnaryOperators.Sigmoid>(); break;
            case UnaryKind.Tanh: visitor.Visit<UnaryOperators.Tanh>(); break;
            case UnaryKind.Elu: visitor.Visit<UnaryOperators.Elu>(); break;
            case UnaryKind.HardSigmoid: visitor.Visit<UnaryOperators.HardSigmoid>(); break;
            case UnaryKind.HardSwish: visitor.Visit<UnaryOperators.HardSwish>(); break;
            case UnaryKind.Softplus: visitor.Visit<UnaryOperators.Softplus>(); break;
            case UnaryKind.Abs: visitor.Visit<UnaryOperators.Abs>(); break;
            case UnaryKind.Neg: visitor.Visit<UnaryOperators.Neg>(); break;
            case UnaryKind.Exp: visitor.Visit<UnaryOperators.Exp>(); break;
            case UnaryKind.Log: visitor.Visit<UnaryOperators.Log>(); break;
            case UnaryKind.Sqrt: visitor.Visit<UnaryOperators.Sqrt>(); break;
            case UnaryKind.Reciprocal: visitor.Visit<UnaryOperators.Reciprocal>(); break;
            case UnaryKind.Erf: visitor.Visit<UnaryOperators.Erf>(); break;
            case UnaryKind.Gelu: visitor.Visit<UnaryOperators.Gelu>(); break;
            case UnaryKind.GeluTanh: visitor.Visit<UnaryOperators.GeluTanh>(); break;
            case UnaryKind.Mish: visitor.Visit<UnaryOperators.Mish>(); break;
            case UnaryKind.Softsign: visitor.Visit<UnaryOperators.Softsign>(); break;
            case UnaryKind.Selu: visitor.Visit<UnaryOperators.Selu>(); break;
            case UnaryKind.Celu: visitor.Visit<UnaryOperators.Celu>(); break;
            case UnaryKind.ThresholdedRelu: visitor.Visit<UnaryOperators.ThresholdedRelu>(); break;
            case UnaryKind.Shrink: visitor.Visit<UnaryOperators.Shrink>(); break;
            case UnaryKind.Swish: visitor.Visit<UnaryOperators.Swish>(); break;
            case UnaryKind.Sign: visitor.Visit<UnaryOperators.Sign>(); break;
            case UnaryKind.Floor: visitor.Visit<UnaryOperators.Floor>(); break;
            case UnaryKind.Ceil: visitor.Visit<UnaryOperators.Ceil>(); break;
            case UnaryKind.Round: visitor.Visit<UnaryOperators.Round>(); break;
            default: throw new ArgumentException($"unknown unary kind {(int)kind}");
        }
    }

    struct ReadsVisitor : IUnaryVisitor
    {
        internal BackwardReads Reads;

        public void Visit<TOperator>() where TOperator : struct, IUnaryOperator => Reads = TOperator.Reads;
    }
}
