using System.Text;
using EdgeDropBack.Devices;
using NJsonSchema;

namespace EdgeDropBack.Tests.Devices;

/// <summary>Runs over copies of what kernels show, laid out below a temporary root.</summary>
public sealed class HostInfoTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("edb-host-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    void Put(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    void PutCore(int core, int capacity) => Put($"sys/devices/system/cpu/cpu{core}/cpu_capacity", capacity + "\n");

    void PutRaspberryPi4()
    {
        Put("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
        Put("proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd crc32\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n");
        Put("proc/meminfo", "MemTotal:        3884344 kB\nMemFree:  1 kB\n");
        Put("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "1800000\n");
        const string Cache = "sys/devices/system/cpu/cpu0/cache/index2/";
        Put(Cache + "level", "2\n");
        Put(Cache + "type", "Unified\n");
        Put(Cache + "size", "1024K\n");
        Put(Cache + "ways_of_associativity", "16\n");
        Put(Cache + "coherency_line_size", "64\n");
        Put(Cache + "shared_cpu_list", "0-3\n");
    }

    [Fact]
    public void BoardIsReadAsLinuxShowsIt()
    {
        PutRaspberryPi4();
        var host = HostInfo.Read(_root);
        Assert.Equal("Raspberry Pi 4 Model B Rev 1.4", host.Board);
        Assert.Equal("Cortex-A72", host.Processor);
        Assert.Equal(["fp", "asimd", "crc32"], host.Features);
        Assert.Equal(1.8, host.MaxClockGHz);
        Assert.Equal(3884344L * 1024, host.MemoryBytes);
        Assert.Equal(new HostCache(2, "unified", 1 << 20, 16, 64, 4), Assert.Single(host.Caches));
    }

    [Fact]
    public void AnL2ThatIsTheLastLevelCountsItsRefillsAndWriteBacks()
    {
        PutRaspberryPi4();
        Put("sys/bus/event_source/devices/armv8_cortex_a72/type", "8\n");
        var events = CounterEvent.Of(HostInfo.Read(_root), isArm: true, _root);
        Assert.Equal([("l2d_cache_refill", 0x17ul), ("l2d_cache_wb", 0x18ul)], events.Select(e => (e.Name, e.Config)));
        Assert.All(events, e => Assert.Equal([8u], e.Types));
    }

    [Fact]
    public void EveryKindOfCoreHasItsOwnUnitAndAnL3ItsOwnEvent()
    {
        Put("sys/devices/system/cpu/cpu0/cache/index3/level", "3\n");
        Put("sys/devices/system/cpu/cpu0/cache/index3/type", "Unified\n");
        Put("sys/devices/system/cpu/cpu0/cache/index3/size", "3072K\n");
        Put("sys/bus/event_source/devices/armv8_cortex_a55/type", "8\n");
        Put("sys/bus/event_source/devices/armv8_cortex_a76/type", "10\n");
        var missed = Assert.Single(CounterEvent.Of(HostInfo.Read(_root), isArm: true, _root));
        Assert.Equal(("ll_cache_miss_rd", 0x37ul), (missed.Name, missed.Config));
        Assert.Equal([8u, 10u], missed.Types);
    }

    [Theory]
    [InlineData("Raspberry Pi 5 Model B Rev 1.0", "ll_cache_miss_rd")]
    [InlineData("Raspberry Pi 4 Model B Rev 1.4", "l2d_cache_refill")]
    public void AKernelThatShowsNoCachesCountsByTheBoardsProfile(string board, string name)
    {
        Put("proc/device-tree/model", board + "\0");
        Assert.Equal(name, CounterEvent.Of(HostInfo.Read(_root), isArm: true, _root)[0].Name);
    }

    [Fact]
    public void EmptyMachineGivesFallbacks()
    {
        var host = HostInfo.Read(_root);
        Assert.Null(host.Board);
        Assert.Null(host.Processor);
        Assert.Empty(host.Caches);
        Assert.Equal(Environment.ProcessorCount, host.PerformanceCores);
        Assert.Equal(new ProcessMemory(0, 0, 0, 0), ProcessMemory.Read(_root));
    }

    [Fact]
    public void SmallCoresAreNotPerformanceCores()
    {
        PutCore(0, 300);
        PutCore(1, 300);
        PutCore(2, 1024);
        Assert.Equal(1, HostInfo.Read(_root).PerformanceCores);
        Assert.Equal(3, HostInfo.Read(_root).LogicalCores);
    }

    [Fact]
    public void MalformedFilesAreIgnored()
    {
        PutCore(0, 1024);
        Put("sys/devices/system/cpu/cpu0/cache/index0/size", "lots");
        Put("sys/devices/system/cpu/cpu0/cache/index0/level", "one");
        Put("sys/devices/system/cpu/cpu0/cache/indexed/size", "32K");
        Put("proc/cpuinfo", "no colon\n:\n");
        Put("proc/self/status", "RssAnon: many kB\nVmHWM:\n");
        Assert.Empty(HostInfo.Read(_root).Caches);
        Assert.Equal(0, ProcessMemory.Read(_root).Anonymous);
    }

    [Fact]
    public void ProcessMemoryIsInBytes()
    {
        Put("proc/self/status", "Name:\tedb\nVmHWM:\t   20480 kB\nVmRSS:\t   10240 kB\nRssAnon:\t    4096 kB\nRssFile:\t    6144 kB\n");
        Assert.Equal(new ProcessMemory(4096 << 10, 6144 << 10, 10240 << 10, 20480 << 10), ProcessMemory.Read(_root));
    }

    [SkippableFact]
    public void ThisProcessHasAnonymousMemory()
    {
        Skip.IfNot(File.Exists("/proc/self/status"), "no /proc/self/status");
        var memory = ProcessMemory.Read();
        Assert.InRange(memory.Anonymous, 1, memory.PeakResident);
    }

    [Theory]
    [InlineData("0-3", 4)]
    [InlineData("0", 1)]
    [InlineData("0-1,4-5,7", 5)]
    [InlineData("", 0)]
    [InlineData(null, 0)]
    [InlineData("3-1,x", 0)]
    public void KernelCpuListsAreCounted(string? list, int length) => Assert.Equal(length, HostCache.ListLength(list));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CapturedProfileMatchesTheSchemaAndIsReadBack(bool board)
    {
        if (board)
            PutRaspberryPi4();
        string json = ProfileCapture.ToJson(HostInfo.Read(_root), "captured", new CopyBandwidth(2330, 3120));
        var schema = await JsonSchema.FromFileAsync(Path.Combine(AppContext.BaseDirectory, "device-profiles", "profile.schema.json"));
        Assert.Empty(schema.Validate(json));
        var profile = DeviceProfileReader.Read(Encoding.UTF8.GetBytes(json), "captured.json");
        Assert.Equal(board ? 1 << 20 : null, profile.LastLevelCache?.Bytes);
        Assert.Equal(2330, profile.Dram?.CopyMBs.Value);
    }
}
