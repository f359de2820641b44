namespace EdgeDropBack.Data;

/// <summary>CRC-32 of ZIP, gzip and PNG (reflected polynomial 0xEDB88320).</summary>
static class Crc32
{
    static readonly uint[] s_table = Table();

    internal static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (var b in bytes)
            crc = s_table[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    static uint[] Table()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var entry = i;
            for (var bit = 0; bit < 8; bit++)
                entry = (entry & 1) != 0 ? (entry >> 1) ^ 0xEDB88320 : entry >> 1;
            table[i] = entry;
        }
        return table;
    }
}
