namespace EdgeDropBack.Kernels;

/// <summary>Generic continuation of the one switch from <see cref="BinaryKind"/> to operator type.</summary>
interface IBinaryVisitor
{
    void Visit<TOperator>() where TOperator : struct, IBinaryOperator;
}
