using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeDropBack.Kernels;

/// <summary>The micro-kernels, best first. All give the same bits.</summary>
public static unsafe class KernelTable
{
    /// <summary>Environment variable that forces a kernel by name.</summary>
    public const string Variable = "EDB_KERNELS";

    static readonly MicroKernel[] s_all =
    [
        new("avx2", Avx2.IsSupported && Fma.IsSupported, 6, 16, &MicroKernels.Avx2, hasThin: true),
        new("advsimd", AdvSimd.Arm64.IsSupported, 8, 12, &MicroKernels.AdvSimd),
        new("scalar", true, 4, 4, &MicroKernels.Scalar),
    ];

    static readonly string[] s_supported = ListSupported();
    static MicroKernel s_active = Initial();

    /// <summary>Name of the kernel in use.</summary>
    public static string Active => s_active.Name;

    /// <summary>Kernels that run on this machine, best first.</summary>
    public static IReadOnlyList<string> Supported => s_supported;

    internal static ref readonly MicroKernel Current => ref s_active;

    /// <summary>Uses the named kernel from now on. Not while kernels run.</summary>
    /// <exception cref="ArgumentException">No such kernel, or not on this machine.</exception>
    public static void Force(string name) => s_active = Find(name);

    /// <summary>By name, whether it runs on this machine or not.</summary>
    internal static MicroKernel Named(string name)
    {
        foreach (var kernel in s_all)
            if (kernel.Name == name)
                return kernel;
        throw new ArgumentException($"No kernel '{name}'.");
    }

    static MicroKernel Initial()
    {
        var name = Environment.GetEnvironmentVariable(Variable);
        return Find(string.IsNullOrEmpty(name) ? s_supported[0] : name);
    }

    static MicroKernel Find(string name)
    {
        foreach (var kernel in s_all)
            if (kernel.Supported && kernel.Name == name)
                return kernel;
        throw new ArgumentException($"Kernel '{name}' is not available here; {Variable} takes one of: {string.Join(", ", s_supported)}.");
    }

    static string[] ListSupported()
    {
        var names = new List<string>();
        foreach (var kernel in s_all)
            if (kernel.Supported)
                names.Add(kernel.Name);
        return [.. names];
    }
}
