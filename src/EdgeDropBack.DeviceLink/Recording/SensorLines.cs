namespace EdgeDropBack.DeviceLink;

/// <summary>Cuts a line's bytes at line ends. What came before the first end is the rest of a line and left out; a line that is too long is cut.</summary>
sealed class SensorLines
{
    readonly byte[] _line = new byte[SensorLine.MaxBytes];
    int _length;
    bool _hasStarted;

    /// <summary>Takes bytes up to the end of the next line.</summary>
    /// <param name="input">What was taken is cut off.</param>
    /// <param name="line">Without its end, valid until the next call.</param>
    /// <returns>False when the input is used up and no line has ended.</returns>
    public bool Next(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> line)
    {
        while (input.Length > 0)
        {
            var end = input.IndexOf((byte)'\n');
            var part = end < 0 ? input : input[..end];
            input = input[(end < 0 ? input.Length : end + 1)..];
            var fits = part[..Math.Min(part.Length, _line.Length - _length)];
            fits.CopyTo(_line.AsSpan(_length));
            _length += fits.Length;
            if (end < 0) break;
            line = _line.AsSpan(0, _length);
            (_length, var isWhole, _hasStarted) = (0, _hasStarted, true);
            if (isWhole && line.Trim("\r \t"u8).Length > 0) return true;
        }
        line = default;
        return false;
    }
}
