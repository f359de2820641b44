using System.Buffers.Text;

namespace EdgeDropBack.DeviceLink;

/// <summary>One line of a sensor: numbers, separated by commas, semicolons, tabs or blanks.</summary>
static class SensorLine
{
    public const int MaxBytes = 512, MaxAxes = 64;

    /// <summary>Reads the numbers of a line.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="values">At least <see cref="MaxAxes"/>.</param>
    /// <returns>How many there are; 0 for a line that has anything else in it.</returns>
    public static int Parse(ReadOnlySpan<byte> line, Span<float> values)
    {
        var count = 0;
        for (line = line.Trim(" \t\r"u8); line.Length > 0; line = Rest(line))
        {
            if (count == MaxAxes || !Utf8Parser.TryParse(line, out float value, out var used) || !float.IsFinite(value)) return 0;
            values[count++] = value;
            line = line[used..];
            if (line.Length > 0 && !IsSeparator(line[0])) return 0;
        }
        return count;
    }

    /// <summary>After one comma or semicolon with blanks around it, or after blanks.</summary>
    static ReadOnlySpan<byte> Rest(ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        if (line.Length > 0 && line[0] is (byte)',' or (byte)';') line = line[1..];
        return line.TrimStart(" \t"u8);
    }

    static bool IsSeparator(byte value) => value is (byte)',' or (byte)';' or (byte)' ' or (byte)'\t';
}
