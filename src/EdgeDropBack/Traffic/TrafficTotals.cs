namespace EdgeDropBack.Traffic;

/// <summary>Exact sums of rows.</summary>
/// <param name="WeightBytes">Base weights, tracked values and indices, weight gradients, optimizer state, selection buffers.</param>
/// <param name="ActivationBytes">Activations, saved activations and their gradients.</param>
/// <param name="BufferBytes">Kernels' scratch, which belongs to neither.</param>
public sealed record TrafficTotals(
    Access Read, Access Write, Regeneration Regenerated, long WeightBytes, long ActivationBytes, long BufferBytes)
{
    public long Bytes => Read.Bytes + Write.Bytes;

    public static TrafficTotals Of(IEnumerable<TrafficRow> rows)
    {
        Access read = default, write = default;
        Regeneration regenerated = default;
        long weights = 0, activations = 0, buffers = 0;
        foreach (var row in rows)
        {
            (read, write, regenerated) = (read + row.Read, write + row.Write, regenerated + row.Regenerated);
            if (TrafficNames.IsWeights(row.Operand)) weights += row.Bytes;
            else if (row.Operand == TrafficOperand.PackingBuffer) buffers += row.Bytes;
            else activations += row.Bytes;
        }
        return new TrafficTotals(read, write, regenerated, weights, activations, buffers);
    }
}
