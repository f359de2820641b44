using System.Buffers.Binary;

namespace EdgeDropBack.Data;

/// <summary>What the markers of a JPEG file (ITU-T T.81) say, up to the end of its image, without decoding.</summary>
ref struct JpegFile
{
    const int StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, RestartInterval = 0xDD, App0 = 0xE0, App1 = 0xE1, App14 = 0xEE;

    readonly ReadOnlySpan<byte> _bytes;
    readonly ulong[] _whole = new ulong[256];
    byte[] _components = [];
    byte[] _sampling = [];
    int _adobe = -1, _interval, _width, _height, _restarts, _scans;
    bool _isJfif, _hasExif, _isProgressive;

    JpegFile(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>As in EXIF, 1 to 8.</summary>
    public int Orientation { get; private set; } = 1;

    /// <summary>The mark of the end is missing, though the image is there.</summary>
    public bool LacksEnd { get; private set; }

    /// <returns>Null, or why the file cannot be used.</returns>
    public static string? Read(ReadOnlySpan<byte> bytes, out JpegFile file)
    {
        file = new(bytes);
        return file.Walk() ?? file.ColorProblem();
    }

    string? Walk()
    {
        for (var at = 2; at + 1 < _bytes.Length;)
        {
            if (_bytes[at] != 0xFF)
            {
                at++;
                continue;
            }
            var marker = _bytes[at + 1];
            if (marker == EndOfImage) return _scans > 0 ? null : Truncated();
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is 0 or 1 or (>= 0xD0 and <= StartOfImage))
            {
                if (marker is >= 0xD0 and < StartOfImage) _restarts++;
                at += 2;
                continue;
            }
            var length = at + 4 <= _bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[(at + 2)..]) : 0;
            if (length < 2 || at + 2 + length > _bytes.Length) return Truncated();
            if (Segment(marker, _bytes.Slice(at + 4, length - 2)) is { } reason) return reason;
            at += 2 + length;
        }
        LacksEnd = true;
        return IsWhole() ? null : Truncated();
    }

    string? Segment(int marker, ReadOnlySpan<byte> body)
    {
        switch (marker)
        {
            case App0 when body.StartsWith("JFIF\0"u8):
                _isJfif = true;
                break;
            case App1 when !_hasExif && body.StartsWith("Exif\0"u8) && body.Length > 6:
                (_hasExif, Orientation) = (true, Exif.Orientation(body[6..]));
                break;
            case App14 when body.StartsWith("Adobe"u8) && body.Length >= 12:
                _adobe = body[11];
                break;
            case RestartInterval when body.Length >= 2:
                _interval = BinaryPrimitives.ReadUInt16BigEndian(body);
                break;
            case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                return Frame(marker, body);
            case StartOfScan:
                Scan(body);
                break;
        }
        return null;
    }

    string? Frame(int marker, ReadOnlySpan<byte> body)
    {
        if (marker >= 0xC9) return "a JPEG with arithmetic coding, which is not read; save it as a baseline JPEG or PNG";
        if (marker > 0xC2) return $"a lossless or hierarchical JPEG (frame {marker:X2}), which is not read; save it as a baseline JPEG or PNG";
        if (body.Length < 6 || body.Length < 6 + 3 * body[5]) return "damaged (JPEG frame header)";
        if (body[0] != 8) return $"a JPEG of {body[0]} bits a sample, only 8 are read; save it as a baseline JPEG or PNG";
        _isProgressive = marker == 0xC2;
        (_height, _width) = (BinaryPrimitives.ReadUInt16BigEndian(body[1..]), BinaryPrimitives.ReadUInt16BigEndian(body[3..]));
        (_components, _sampling) = (new byte[body[5]], new byte[body[5]]);
        for (var c = 0; c < _components.Length; c++) (_components[c], _sampling[c]) = (body[6 + 3 * c], body[7 + 3 * c]);
        return null;
    }

    /// <summary>Notes which coefficients of a component are there with all their bits.</summary>
    void Scan(ReadOnlySpan<byte> body)
    {
        _scans++;
        _restarts = 0;
        if (body.Length < 1 || body.Length < 4 + 2 * body[0]) return;
        var (first, last, lowBit) = (body[^3], Math.Min((int)body[^2], 63), body[^1] & 15);
        if (!_isProgressive) (first, last, lowBit) = (0, 63, 0);
        if (lowBit != 0) return;
        for (var c = 0; c < body[0]; c++)
            for (int k = first; k <= last; k++) _whole[body[1 + 2 * c]] |= 1UL << k;
    }

    /// <summary>
    /// Whether all scans have begun, and in a file of one scan all its restart intervals; whether the last of them is complete shows in decoding.
    /// </summary>
    readonly bool IsWhole()
    {
        if (_components.Length == 0) return false;
        foreach (var component in _components)
            if (_whole[component] != ulong.MaxValue) return false;
        if (_interval == 0 || _scans > 1) return true;
        var (widest, tallest) = (1, 1);
        foreach (var sampling in _sampling) (widest, tallest) = (Math.Max(widest, sampling >> 4), Math.Max(tallest, sampling & 15));
        if (_sampling.Length == 1) (widest, tallest) = (1, 1);
        var units = ((_width + 8 * widest - 1) / (8 * widest)) * (long)((_height + 8 * tallest - 1) / (8 * tallest));
        return _restarts >= (units + _interval - 1) / _interval - 1;
    }

    /// <summary>Color spaces that the markers leave open, or on which they contradict each other.</summary>
    readonly string? ColorProblem()
    {
        const string Advice = "save it as an RGB JPEG or PNG";
        if (_components.Length == 4 && _adobe is not (0 or 2))
            return $"a JPEG of four colors without an Adobe marker that says whether they are CMYK and inverted; {Advice}";
        var isNamedRgb = _components.AsSpan().SequenceEqual("RGB"u8);
        return _components.Length == 3 && ((_isJfif && (_adobe == 0 || isNamedRgb)) || (isNamedRgb && _adobe > 0))
            ? $"a JPEG whose markers contradict each other on its colors, RGB and YCbCr; {Advice}" : null;
    }

    readonly string Truncated() => $"truncated after {_bytes.Length} bytes";

    /// <summary>
    /// The file with an end: the ones that T.81 pads the last byte with, then the mark. No Huffman code consists of ones only, so that decoding
    /// fails where more of the image was expected.
    /// </summary>
    public static byte[] WithEnd(ReadOnlySpan<byte> bytes)
    {
        const int Padding = 64;
        if (bytes[^1] == 0xFF) bytes = bytes[..^1];
        var result = new byte[bytes.Length + 2 * Padding + 2];
        bytes.CopyTo(result);
        for (var i = 0; i < Padding; i++) result[bytes.Length + 2 * i] = 0xFF;
        (result[^2], result[^1]) = (0xFF, EndOfImage);
        return result;
    }
}
