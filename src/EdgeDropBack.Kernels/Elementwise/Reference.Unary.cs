using static EdgeDropBack.Kernels.DeterministicMath;

namespace EdgeDropBack.Kernels;

public static partial class Reference
{
    /// <summary>y[i] = f(x[i]), one element at a time.</summary>
    public static void Unary(UnaryKind kind, ReadOnlySpan<float> x, Span<float> y, float alpha, float beta)
    {
        for (int i = 0; i < x.Length; i++) y[i] = Unary(kind, x[i], alpha, beta);
    }

    /// <summary>dx[i] = f'(x[i]) dy[i], one element at a time; x and y are both given.</summary>
    public static void UnaryBackward(
        UnaryKind kind, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, float alpha, float beta)
    {
        for (int i = 0; i < dy.Length; i++) dx[i] = UnaryBackward(kind, x[i], y[i], dy[i], alpha, beta);
    }

    static float Unary(UnaryKind kind, float x, float alpha, float beta) => kind switch
    {
        UnaryKind.Relu => x <= 0f ? 0f : x,
        UnaryKind.LeakyRelu => x <= 0f ? alpha * x : x,
        UnaryKind.Clip => Clamp(x, alpha, beta),
        UnaryKind.Sigmoid => Sigmoid(x),
        UnaryKind.Tanh => Tanh(x),
        UnaryKind.Elu => x <= 0f ? alpha * Expm1(x) : x,
        UnaryKind.HardSigmoid => Clamp(MathF.FusedMultiplyAdd(alpha, x, beta), 0f, 1f),
        UnaryKind.HardSwish => x * Clamp(MathF.FusedMultiplyAdd(x, 1f / 6f, 0.5f), 0f, 1f),
        UnaryKind.Softplus => Softplus(x),
        UnaryKind.Abs => MathF.Abs(x),
        UnaryKind.Neg => -x,
        UnaryKind.Exp => Exp(x),
        UnaryKind.Log => Log(x),
        UnaryKind.Sqrt => MathF.Sqrt(x),
        UnaryKind.Reciprocal => 1f / x,
        UnaryKind.Erf => Erf(x),
        UnaryKind.Gelu => x * GeluGate(x),
        UnaryKind.GeluTanh => x * MathF.FusedMultiplyAdd(0.5f, Tanh(GeluTanhArgument(x)), 0.5f),
        UnaryKind.Mish => x * MishGate(x),
        UnaryKind.Softsign => x / (1f + MathF.Abs(x)),
        UnaryKind.Selu => beta * (x <= 0f ? alpha * Expm1(x) : x),
        UnaryKind.Celu => x <= 0f ? alpha * Expm1(x / alpha) : x,
        UnaryKind.ThresholdedRelu => x <= alpha ? 0f : x,
        UnaryKind.Shrink => x < -alpha ? x + beta : x <= alpha ? 0f : x - beta,
        UnaryKind.Swish => x * Sigmoid(alpha * x),
        UnaryKind.Sign => x < 0f ? -1f : x > 0f ? 1f : x,
        UnaryKind.Floor => MathF.Floor(x),
        UnaryKind.Ceil => MathF.Ceiling(x),
        UnaryKind.Round => MathF.Round(x),
        _ => throw new ArgumentException($"unknown unary kind {(int)kind}"),
    };

    static float UnaryBackward(UnaryKind kind, float x, float y, float dy, float alpha, float beta)
    {
        switch (kind)
        {
            case UnaryKind.Relu: return y <= 0f ? 0f : dy;
            case UnaryKind.LeakyRelu: return y <= 0f ? alpha * dy : dy;
            case UnaryKind.Clip: return x < alpha || x > beta ? 0f : dy;
            case UnaryKind.Sigmoid: return dy * (y * (1f - y));
            case UnaryKind.Tanh: return dy * MathF.FusedMultiplyAdd(-y, y, 1f);
            case UnaryKind.Elu: return y <= 0f ? dy * (y + alpha) : dy;
            case UnaryKind.HardSigmoid: return y <= 0f || y >= 1f ? 0f : alpha * dy;
            case UnaryKind.HardSwish: return x < -3f ? 0f : x <= 3f ? dy * MathF.FusedMultiplyAdd(x, 1f / 3f, 0.5f) : dy;
            case UnaryKind.Softplus: return dy * -Expm1(-y);
            case UnaryKind.Abs: return x == 0f ? 0f : x < 0f ? -dy : dy;
            case UnaryKind.Neg: return -dy;
            case UnaryKind.Exp: return dy * y;
            case UnaryKind.Log: return dy / x;
            case UnaryKind.Sqrt: return dy / (y + y);
            case UnaryKind.Reciprocal: return -dy * (y * y);
            case UnaryKind.Erf: return dy * (1.12837917f * Exp(-(x * x)));
            case UnaryKind.Gelu: return dy * MathF.FusedMultiplyAdd(x * 0.398942280f, Exp(-0.5f * x * x), GeluGate(x));
            case UnaryKind.Softsign: return dy / ((1f + MathF.Abs(x)) * (1f + MathF.Abs(x)));
            case UnaryKind.Selu: return dy * (y <= 0f ? MathF.FusedMultiplyAdd(alpha, beta, y) : beta);
            case UnaryKind.Celu: return y <= 0f ? dy * ((y / alpha) + 1f) : dy;
            case UnaryKind.ThresholdedRelu: return x <= alpha ? 0f : dy;
            case UnaryKind.Shrink: return MathF.Abs(x) <= alpha ? 0f : dy;
            case UnaryKind.Sign or UnaryKind.Floor or UnaryKind.Ceil or UnaryKind.Round: return 0f;
            case UnaryKind.GeluTanh:
                float tanh = Tanh(GeluTanhArgument(x));
                float slope = MathF.FusedMultiplyAdd(x * x, 0.797884561f * 3f * 0.044715f, 0.797884561f);
                float half = MathF.FusedMultiplyAdd(0.5f, tanh, 0.5f);
                return dy * MathF.FusedMultiplyAdd(0.5f * x * MathF.FusedMultiplyAdd(-tanh, tanh, 1f), slope, half);
            case UnaryKind.Mish:
                float gate = MishGate(x);
                return dy * MathF.FusedMultiplyAdd(x * Sigmoid(x), MathF.FusedMultiplyAdd(-gate, gate, 1f), gate);
            case UnaryKind.Swish:
                float s = Sigmoid(alpha * x);
                return dy * MathF.FusedMultiplyAdd(alpha * x * s, 1f - s, s);
            default: throw new ArgumentException($"unknown unary kind {(int)kind}");
        }
    }

    static float Clamp(float x, float low, float high)
    {
        if (x < low) x = low;
        return x > high ? high : x;
    }

    static float GeluGate(float x) => MathF.FusedMultiplyAdd(0.5f, Erf(x * 0.707106781f), 0.5f);

    static float GeluTanhArgument(float x) => 0.797884561f * MathF.FusedMultiplyAdd(0.044715f * x * x, x, x);

    static float MishGate(float x)
    {
        float e = Exp(x > 30f ? 30f : x);
        float n = e * (e + 2f);
        return n / (n + 2f);
    }
}
