namespace EdgeDropBack.Onnx;

/// <summary>Floating-point types of 4 and 8 bits. Each has so few numbers that they are listed: the magnitude of every code without its sign.</summary>
static class SmallFloats
{
    static readonly Dictionary<OnnxDataType, Magnitudes> s_types = new()
    {
        [OnnxDataType.Float4E2M1] = new(ExponentBits: 2, MantissaBits: 1, Bias: 1, Codes: 8, Beyond: float.NaN),
        [OnnxDataType.Float8E4M3FN] = new(ExponentBits: 4, MantissaBits: 3, Bias: 7, Codes: 127, Beyond: float.NaN),
        [OnnxDataType.Float8E4M3FNUZ] = new(ExponentBits: 4, MantissaBits: 3, Bias: 8, Codes: 128, Beyond: float.NaN),
        [OnnxDataType.Float8E5M2] = new(ExponentBits: 5, MantissaBits: 2, Bias: 15, Codes: 124, Beyond: float.PositiveInfinity),
        [OnnxDataType.Float8E5M2FNUZ] = new(ExponentBits: 5, MantissaBits: 2, Bias: 16, Codes: 128, Beyond: float.NaN),
    };

    /// <summary>True for the types of this class.</summary>
    public static bool IsSmallFloat(this OnnxDataType type) => type == OnnxDataType.Float8E8M0 || s_types.ContainsKey(type);

    /// <summary>The number that a code stands for, exactly.</summary>
    public static float ToFloat(OnnxDataType type, int code)
    {
        if (type == OnnxDataType.Float8E8M0) return code == 0xFF ? float.NaN : MathF.ScaleB(1f, code - 127);
        var magnitudes = s_types[type];
        var sign = 1 << magnitudes.ExponentBits + magnitudes.MantissaBits;
        if (HasOneZero(type) && code == sign) return float.NaN;
        var magnitude = code & sign - 1;
        var value = magnitude < magnitudes.Codes ? magnitudes.Values[magnitude] : magnitude == magnitudes.Codes ? magnitudes.Beyond : float.NaN;
        return (code & sign) == 0 ? value : -value;
    }

    /// <summary>The nearest number of the type, of two equally near the one with the even code. Where the type has no NaN it becomes -0.</summary>
    /// <param name="saturates">What is too large becomes the largest number; else infinity where the type has it, or NaN. Types of 4 bits always saturate.</param>
    public static float Round(OnnxDataType type, float value, bool saturates)
    {
        if (float.IsNaN(value)) return type == OnnxDataType.Float4E2M1 ? -0f : value;
        var magnitudes = s_types[type];
        var magnitude = MathF.Abs(value);
        var (code, values) = (Array.BinarySearch(magnitudes.Values, magnitude), magnitudes.Values);
        if (code < 0)
        {
            code = Math.Min(~code, magnitudes.Codes);
            var (below, above) = ((double)magnitude - values[code - 1], (double)values[code] - magnitude);
            if (below < above || (below == above && code % 2 != 0)) code--;
        }
        var isBeyond = code >= magnitudes.Codes;
        if (!isBeyond) magnitude = values[code];
        else magnitude = saturates || type == OnnxDataType.Float4E2M1 ? magnitudes.Largest : magnitudes.Beyond;
        return magnitude == 0f && HasOneZero(type) ? 0f : MathF.CopySign(magnitude, value);
    }

    static bool HasOneZero(OnnxDataType type) => type is OnnxDataType.Float8E4M3FNUZ or OnnxDataType.Float8E5M2FNUZ;

    /// <summary>The power of two above, below or nearest, of two equally near the one above; NaN for what has none.</summary>
    /// <param name="mode">"up", "down" or "nearest".</param>
    /// <param name="saturates">What is too large or too small becomes the last power there is, else NaN or the first.</param>
    public static float RoundToPower(float value, string mode, bool saturates)
    {
        const int Least = -127, Most = 127;
        if (float.IsNaN(value) || value < 0f) return float.NaN;
        if (value == 0f) return MathF.ScaleB(1f, Least);
        if (float.IsInfinity(value)) return saturates ? MathF.ScaleB(1f, Most) : float.NaN;
        var exponent = MathF.ILogB(value);
        var isAbove = mode switch
        {
            "up" => value > MathF.ScaleB(1f, exponent),
            "down" => false,
            "nearest" => value >= 1.5f * MathF.ScaleB(1f, exponent),
            _ => throw EdbException.Refused($"round_mode is '{mode}', expected up, down or nearest"),
        };
        if (isAbove) exponent++;
        return exponent > Most && !saturates ? float.NaN : MathF.ScaleB(1f, Math.Clamp(exponent, Least, Most));
    }

    /// <param name="Codes">How many codes without a sign are numbers.</param>
    /// <param name="Beyond">What a number becomes that is too large.</param>
    sealed record Magnitudes(int ExponentBits, int MantissaBits, int Bias, int Codes, float Beyond)
    {
        /// <summary>In order, and at the end the one that would follow the largest.</summary>
        public float[] Values { get; } = [.. Enumerable.Range(0, Codes + 1).Select(code => Value(code, MantissaBits, Bias))];

        public float Largest => Values[Codes - 1];

        static float Value(int code, int mantissaBits, int bias)
        {
            var (exponent, mantissa) = (code >> mantissaBits, code & (1 << mantissaBits) - 1);
            return exponent == 0
                ? MathF.ScaleB(mantissa, 1 - bias - mantissaBits)
                : MathF.ScaleB(mantissa + (1 << mantissaBits), exponent - bias - mantissaBits);
        }
    }
}
