namespace EdgeDropBack.Data;

/// <summary>
/// Raw sample bytes to the model's float32. uint8 goes through a table a channel; every step is one correctly rounded operation.
/// </summary>
sealed class SampleTransform
{
    readonly NpyType _type;
    readonly int _channels;
    readonly int _inner;
    readonly float[]? _tables;
    readonly float[]? _mean;
    readonly float[]? _std;

    /// <param name="type">Of the raw bytes.</param>
    /// <param name="preprocessing">Scale, mean and std.</param>
    /// <param name="sampleLength">Elements of a sample, in the model's layout.</param>
    /// <param name="name">Names the data in errors.</param>
    internal SampleTransform(NpyType type, Preprocessing preprocessing, int sampleLength, string name)
    {
        _type = type;
        _channels = Math.Max(preprocessing.Mean.Length, preprocessing.Std.Length);
        if (_channels > 1 && sampleLength % _channels != 0)
            throw EdbException.Usage(
                $"--mean or --std has {_channels} values, but a sample of {Printable.Name(name)} has {sampleLength}; give one value "
                + "for all");
        var normalize = _channels > 0;
        _channels = Math.Max(1, _channels);
        _inner = preprocessing.Layout == ImageLayout.Nchw ? sampleLength / _channels : 1;
        var mean = Spread(preprocessing.Mean, _channels, 0f);
        var std = Spread(preprocessing.Std, _channels, 1f);
        if (type == NpyType.UInt8)
            _tables = Tables(preprocessing.ScaleTo01, mean, std);
        else if (normalize)
            (_mean, _std) = (mean, std);
    }

    internal void Apply(ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (_tables is not null)
        {
            for (int at = 0, c = 0; at < destination.Length; at += _inner, c = c + 1 == _channels ? 0 : c + 1)
            {
                var table = _tables.AsSpan(c * 256, 256);
                for (var i = at; i < at + _inner; i++)
                    destination[i] = table[source[i]];
            }
            return;
        }
        NpyConvert.ToFloats(_type, source, destination);
        if (_mean is null)
            return;
        for (int at = 0, c = 0; at < destination.Length; at += _inner, c = c + 1 == _channels ? 0 : c + 1)
            for (var i = at; i < at + _inner; i++)
                destination[i] = (destination[i] - _mean[c]) / _std![c];
    }

    static float[] Tables(bool scaleTo01, float[] mean, float[] std)
    {
        var tables = new float[256 * mean.Length];
        for (var i = 0; i < tables.Length; i++)
        {
            var value = scaleTo01 ? (i & 255) / 255f : i & 255;
            tables[i] = (value - mean[i >> 8]) / std[i >> 8];
        }
        return tables;
    }

    static float[] Spread(float[] values, int channels, float otherwise)
    {
        var spread = new float[channels];
        for (var c = 0; c < channels; c++)
            spread[c] = values.Length == 0 ? otherwise : values[values.Length == 1 ? 0 : c];
        return spread;
    }
}
