namespace EdgeDropBack.Benchmarks;

/// <summary>Multiply-adds of one call, for <see cref="RateColumn"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class MultiplyAddsAttribute(double count) : Attribute
{
    public double Count { get; } = count;
}
