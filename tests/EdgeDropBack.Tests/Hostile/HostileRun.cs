using EdgeDropBack.Devices;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>Reads changed files of one kind and holds every rule against each: no other exception than a refusal of one line, memory below the cap.</summary>
static class HostileRun
{
    const int FailuresKept = 10, LongestLine = 2000;

    /// <param name="from">Index of the first file.</param>
    /// <param name="progress">Called before each file, with its index.</param>
    public static HostileFigures Of(HostileKind kind, int from, int count, Action<int>? progress = null)
    {
        var (refused, slowest, slowestIndex, peak) = (0, 0.0, 0, 0L);
        var failures = new List<string>();
        for (var index = from; index < from + count; index++)
        {
            progress?.Invoke(index);
            var file = kind.Changed(index);
            var started = Environment.CpuUsage.TotalTime;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var problem = Problem(kind, file, ref refused);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            var milliseconds = (Environment.CpuUsage.TotalTime - started).TotalMilliseconds;
            if (milliseconds > slowest) (slowest, slowestIndex) = (milliseconds, index);
            peak = Math.Max(peak, allocated);
            if (allocated > kind.AllocationCap) problem ??= $"allocates {allocated} bytes, the cap is {kind.AllocationCap}";
            if (problem is not null && failures.Count < FailuresKept) failures.Add($"{kind.Name} {index}: {problem}");
        }
        return new(kind.Name, count, refused, slowest, slowestIndex, peak, ProcessMemory.Read().PeakResident, failures);
    }

    /// <summary>Null where the file is read, or refused as it should be.</summary>
    static string? Problem(HostileKind kind, byte[] file, ref int refused)
    {
        try
        {
            kind.Read(file);
            return null;
        }
        catch (EdbException e)
        {
            refused++;
            return e.Message.Length is < 20 or > LongestLine || e.Message.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029')
                ? $"a refusal that is not one line of 20 to {LongestLine} characters: {e.Message}"
                : null;
        }
        catch (Exception e)
        {
            var place = e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("EdgeDropBack", StringComparison.Ordinal))?.Trim();
            return $"{e.GetType().Name}: {e.Message} {place}";
        }
    }
}
