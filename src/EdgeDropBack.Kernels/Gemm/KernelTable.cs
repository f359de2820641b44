using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeDropBack.Kernels;

/// <summary>The micro-kernels, best first. All give the same bits.</summary>
public static unsafe class KernelTable
{
    /// <summary>Environment variable that forces a kernel by name.</summary>
    public const string Variable = "EDB_KERNELS";

    public const string Avx512 = "avx512";

    static readonly KernelFamily[] s_all =
    [
        new(Avx512, MicroKernels.HasAvx512,
            new MicroKernel(12, 32, &MicroKernels.Avx512, &MicroKernels.Avx512Offsets, &MicroKernels.Avx512Packed, &MicroKernels.Avx512Rows),
            new MicroKernel(8, 32, &MicroKernels.Avx512Low, &MicroKernels.Avx512LowOffsets, &MicroKernels.Avx512LowPacked, &MicroKernels.Avx512LowRows))
        {
            Wide = new MicroKernel(6, 64, null, null, &MicroKernels.Avx512WidePacked, &MicroKernels.Avx512WideRows),
            NormalRun = &MicroKernels.Avx512NormalRun,
        },
        new("avx2", Avx2.IsSupported && Fma.IsSupported, new MicroKernel(6, 16, &MicroKernels.Avx2, &MicroKernels.Avx2Offsets)),
        new("advsimd", AdvSimd.Arm64.IsSupported, new MicroKernel(8, 8, &MicroKernels.AdvSimd, null)),
        new("scalar", true, new MicroKernel(4, 4, &MicroKernels.Scalar, &MicroKernels.ScalarOffsets)),
    ];

    static readonly string[] s_supported = ListSupported();
    static KernelFamily? s_active;

    /// <summary>Name of the kernels in use.</summary>
    /// <exception cref="ArgumentException"><see cref="Variable"/> names kernels that this machine lacks.</exception>
    public static string Active => Family.Name;

    /// <summary>Kernels that run on this machine, best first.</summary>
    public static IReadOnlyList<string> Supported => s_supported;

    /// <summary>The kernels in use.</summary>
    internal static KernelFamily Family => s_active ??= Initial();

    /// <summary>The kernel in use for a product of that many rows.</summary>
    internal static ref readonly MicroKernel For(int rows) => ref Family.For(rows);

    /// <summary>The kernel in use for blocks of that many rows and columns.</summary>
    internal static ref readonly MicroKernel ForBlocks(int rows, int columns) => ref Family.ForBlocks(rows, columns);

    /// <summary>Uses the named kernel from now on. Not while kernels run.</summary>
    /// <exception cref="ArgumentException">No such kernel, or not on this machine.</exception>
    public static void Force(string name) => s_active = Find(name);

    /// <summary>By name, whether it runs on this machine or not.</summary>
    internal static KernelFamily Named(string name)
    {
        foreach (var kernel in s_all)
            if (kernel.Name == name)
                return kernel;
        throw new ArgumentException($"No kernel '{name}'.");
    }

    static KernelFamily Initial()
    {
        var name = Environment.GetEnvironmentVariable(Variable);
        return Find(string.IsNullOrEmpty(name) ? s_supported[0] : name);
    }

    static KernelFamily Find(string name)
    {
        foreach (var kernel in s_all)
            if (kernel.Supported && kernel.Name == name)
                return kernel;
        throw new ArgumentException($"there are no kernels '{name}' on this machine; {Variable} takes one of {string.Join(", ", s_supported)}");
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
