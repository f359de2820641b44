namespace EdgeDropBack.DeviceLink.Tests;

/// <summary>Flips, drops or doubles a share of the bytes that pass, the same ones for the same seed.</summary>
sealed class Noise(double share, uint seed)
{
    uint _state = seed * 2654435761u | 1;

    public void Pass(ReadOnlySpan<byte> bytes, List<byte> line)
    {
        foreach (var value in bytes)
        {
            if (Next() >= share * 4294967296.0)
            {
                line.Add(value);
                continue;
            }
            switch (Next() % 3)
            {
                case 0:
                    line.Add((byte)(value ^ 1 << (int)(Next() % 8)));
                    break;
                case 1:
                    line.Add(value);
                    line.Add(value);
                    break;
            }
        }
    }

    /// <summary>xorshift32 (Marsaglia, 2003), its halves exchanged.</summary>
    public uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state << 16 | _state >> 16;
    }
}
