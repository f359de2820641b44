using System.Globalization;
using System.Runtime.InteropServices;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Devices;

/// <summary>Counts the hardware events of all threads that this process has when counting starts.</summary>
sealed class TrafficCounters : IDisposable
{
    const int NotPermitted = 1, NoEntry = 2, AccessDenied = 13, NoDevice = 19, NoSuchCall = 38, NotSupported = 95;

    readonly List<(string Name, HardwareCounter Counter)> _counters = [];
    string? _unavailable;

    TrafficCounters()
    {
    }

    public static TrafficCounters Start()
    {
        var counters = new TrafficCounters();
        var isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        foreach (var wanted in CounterEvent.Of(HostInfo.Read(), isArm))
            foreach (var thread in Threads())
                foreach (var type in wanted.Types) counters.Open(wanted, type, thread);
        if (counters._counters.Count == 0) counters._unavailable ??= "the system shows no threads to count";
        return counters;
    }

    /// <param name="steps">Steps since the start.</param>
    public MeasuredTraffic Read(int steps)
    {
        if (_unavailable is not null) return new(_unavailable, []);
        var sums = _counters.GroupBy(c => c.Name, StringComparer.Ordinal)
            .Select(group => new MeasuredEvent(group.Key, (double)group.Sum(c => Math.Max(0, c.Counter.Read())) / steps));
        return new(null, [.. sums]);
    }

    public void Dispose()
    {
        foreach (var (_, counter) in _counters) counter.Dispose();
    }

    void Open(CounterEvent wanted, uint type, int thread)
    {
        if (_unavailable is not null) return;
        if (HardwareCounter.Open(type, wanted.Config, thread, out var error) is { } counter) _counters.Add((wanted.Name, counter));
        else _unavailable = $"{wanted.Name}: {Reason(error)}";
    }

    static IEnumerable<int> Threads()
    {
        const string tasks = "/proc/self/task";
        if (!Directory.Exists(tasks)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(tasks))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var thread)) yield return thread;
    }

    static string Reason(int error) => error switch
    {
        NotPermitted or AccessDenied => "not permitted, kernel.perf_event_paranoid is "
            + (SystemFile.Text("/", "proc/sys/kernel/perf_event_paranoid") ?? "unknown") + " (2 or less allows it), or a container forbids it",
        NoEntry or NoDevice or NotSupported => "this processor, or the virtual machine it is in, has no such counter",
        NoSuchCall => "the kernel has no perf_event_open",
        _ => $"perf_event_open failed with errno {error}",
    };
}
