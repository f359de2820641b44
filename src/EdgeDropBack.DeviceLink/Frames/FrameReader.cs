namespace EdgeDropBack.DeviceLink;

/// <summary>Cuts a line's bytes into frames. Memory is that of one frame; what is longer is skipped up to the next delimiter.</summary>
sealed class FrameReader
{
    readonly byte[] _encoded = new byte[FrameFormat.MaxEncoded], _frame = new byte[FrameFormat.MaxEncoded];
    int _length;

    /// <summary>Frames that were too long or no COBS.</summary>
    public long Broken { get; private set; }

    /// <summary>Takes bytes up to the end of the next frame.</summary>
    /// <param name="input">What the line gave; what was taken is cut off.</param>
    /// <param name="frame">The decoded frame, valid until the next call.</param>
    /// <returns>False when the input is used up and no frame has ended.</returns>
    public bool Next(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> frame)
    {
        while (input.Length > 0)
        {
            var end = input.IndexOf(Cobs.Delimiter);
            Take(end < 0 ? input : input[..end]);
            input = input[(end < 0 ? input.Length : end + 1)..];
            if (end < 0) break;
            var length = _length > _encoded.Length ? -1 : Cobs.Decode(_encoded.AsSpan(0, _length), _frame);
            _length = 0;
            if (length < 0) Broken++;
            if (length <= 0) continue;
            frame = _frame.AsSpan(0, length);
            return true;
        }
        frame = default;
        return false;
    }

    /// <summary>A frame that is too long keeps a length beyond the buffer.</summary>
    void Take(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length <= _encoded.Length) bytes.CopyTo(_encoded.AsSpan(_length));
        _length = Math.Min(_length + bytes.Length, _encoded.Length + 1);
    }
}
