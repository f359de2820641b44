namespace EdgeDropBack.Kernels;

/// <summary>Splits independent items evenly over workers; small work stays with the caller.</summary>
sealed class RangeJob<T> : Job where T : struct, IRange
{
    /// <summary>Floats below which waking others costs more than it saves.</summary>
    const long SmallFloats = 16 * 1024;

    T _range;
    int _count, _multiple;

    /// <param name="count">Items.</param>
    /// <param name="multiple">Parts start at multiples of it, so that they share no cache line.</param>
    /// <param name="floats">Floats written in all.</param>
    public static void Run(Workers workers, in T range, int count, int multiple, long floats)
    {
        if (workers.Count == 1 || floats < SmallFloats)
        {
            range.Run(0, count);
            return;
        }
        var job = JobCache<RangeJob<T>>.Instance;
        (job._range, job._count, job._multiple) = (range, count, multiple);
        workers.Run(job);
    }

    public override void Run(int part, int parts)
    {
        var units = (long)GemmTuning.DivideUp(_count, _multiple);
        int start = (int)(units * part / parts) * _multiple, end = (int)Math.Min(_count, units * (part + 1) / parts * _multiple);
        if (start < end)
            _range.Run(start, end);
    }
}
