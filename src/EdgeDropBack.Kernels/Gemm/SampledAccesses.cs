namespace EdgeDropBack.Kernels;

sealed unsafe partial class SampledJob
{
    /// <param name="tracked">Its entries; the weights themselves are not read.</param>
    /// <param name="gradients">[entries]</param>
    public static void Accesses(AccessStream s, MemoryBlock left, int leftStride, MemoryBlock right, int rightStride, int samples, int rows,
        int columns, WeightAccesses tracked, MemoryBlock gradients)
    {
        var stride = GemmTuning.RoundUp(Math.Max(samples, 1), 8);
        var block = Math.Min(columns, Math.Max(1, RightFloats / stride));
        var turned = s.Scratch;
        var leftTurned = turned.From((long)stride * block);
        for (var column = 0; tracked.Indices.Length > 0 && column < columns; column += block)
        {
            var count = Math.Min(block, columns - column);
            TurnAccesses(s, right.From(column), rightStride, count, samples, turned, stride);
            var leftStart = -LeftRows;
            foreach (var (entry, index) in tracked.Entries())
            {
                var (row, place) = ((int)(index / columns), (int)(index % columns) - column);
                s.ReadBytes(tracked.IndicesBlock, entry * (long)sizeof(ushort), sizeof(ushort));
                if ((uint)place >= (uint)count) continue;
                if (row - leftStart >= LeftRows)
                {
                    leftStart = row / LeftRows * LeftRows;
                    TurnAccesses(s, left.From(leftStart), leftStride, Math.Min(LeftRows, rows - leftStart), samples, leftTurned, stride);
                }
                s.Read(leftTurned, (long)(row - leftStart) * stride, samples);
                s.Read(turned, (long)place * stride, samples);
                s.Write(gradients, entry, 1);
            }
        }
    }

    static void TurnAccesses(AccessStream s, MemoryBlock source, int sourceStride, int lines, int samples, MemoryBlock turned, int stride)
    {
        const int chunk = 16;
        for (var sample = 0; sample < samples; sample += 4)
        {
            for (var line = 0; line < lines; line += chunk)
            {
                s.ReadRows(source.From((long)sample * sourceStride + line), Math.Min(4, samples - sample), sourceStride, Math.Min(chunk, lines - line));
                s.WriteRows(turned.From((long)line * stride + sample), Math.Min(chunk, lines - line), stride, Math.Min(4, samples - sample));
            }
        }
    }
}
