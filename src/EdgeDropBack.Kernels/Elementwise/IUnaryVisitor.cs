namespace EdgeDropBack.Kernels;

/// <summary>Generic continuation of <see cref="UnaryKinds"/>' one switch from kind to operator type.</summary>
interface IUnaryVisitor
{
    void Visit<TOperator>() where TOperator : struct, IUnaryOperator;
}
