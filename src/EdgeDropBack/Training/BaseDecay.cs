using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>
/// Init decay (Golub 2018): what is regenerated fades by a factor a step, to exactly zero; tracked weights keep their own values. The factor
/// is a power kept in binary64 by repeated multiplication, and zero below 2^-40: base values that went on fading would end as subnormal numbers,
/// which never vanish and slow every product down. Weights that the model file stores do not fade, nor do constants such as the scales of batch
/// norm.
/// </summary>
sealed class BaseDecay
{
    const double Smallest = 1.0 / (1L << 40);

    readonly RegeneratedParameterBase[] _bases;

    /// <param name="parameters">Of the graph.</param>
    /// <param name="perStep">In (0, 1]; 1 lets the base be.</param>
    public BaseDecay(IEnumerable<Parameter> parameters, double perStep)
    {
        PerStep = perStep;
        _bases = [.. parameters.Where(Fades).Select(p => (RegeneratedParameterBase)p.Base)];
    }

    public double PerStep { get; }

    /// <summary>What is left of the base: 1 before the first step, 0 once it is gone.</summary>
    public double Factor { get; private set; } = 1;

    /// <summary>One step further.</summary>
    public void Advance()
    {
        if (PerStep < 1 && Factor > 0) Set(Factor * PerStep);
    }

    /// <summary>Where an earlier training stood.</summary>
    public void Set(double factor)
    {
        Factor = factor < Smallest ? 0 : factor;
        foreach (var regenerated in _bases) regenerated.Factor = Factor;
    }

    /// <exception cref="EdbException">Exit code 2: the factor is none, or a weight that is trained does not fade.</exception>
    public static void Require(double perStep, TrainingMode mode, IEnumerable<Parameter> trainable)
    {
        if (perStep == 1) return;
        if (!(perStep > 0 && perStep < 1)) throw EdbException.Usage($"--init-decay {perStep} is no factor above 0 and up to 1, such as 0.99");
        if (mode != TrainingMode.DropBack)
            throw EdbException.Usage($"--init-decay fades weights that are not tracked, and --mode {TrainableParameters.Name(mode)} has none; leave one of them out");
        if (trainable.FirstOrDefault(p => p.Role == ParameterRole.Weight && p.Base.BytesPerElement > 0) is { } stored)
            throw EdbException.Usage($"--init-decay fades weights that are computed from a seed, and the model file stores '{stored.Name}'; "
                + "write a seeded model with `edb new`, or leave --init-decay out");
    }

    static bool Fades(Parameter parameter) => parameter.Base is RegeneratedParameterBase { Regenerated.Distribution: not Distribution.Constant };
}
