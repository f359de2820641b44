using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>Another base for a model's weights, to see what it costs; biases and scales stay as they are.</summary>
enum BaseOverride
{
    /// <summary>As the model has it.</summary>
    None,

    /// <summary>Read from the model file.</summary>
    Mapped,

    /// <summary>Computed from a seed: near normal, variance 1 / fan-in.</summary>
    Regenerated,

    /// <summary>Decayed away.</summary>
    Zero,
}

static class BaseOverrides
{
    /// <summary>Puts the base under all weights that are trained; for <see cref="BaseOverride.Zero"/> one that <see cref="Fade"/> takes away.</summary>
    /// <exception cref="EdbException">Exit code 2: the file does not store the weights.</exception>
    public static void Put(this BaseOverride choice, TrainingSession session)
    {
        if (choice == BaseOverride.None) return;
        foreach (var parameter in Weights(session))
        {
            if (choice != BaseOverride.Mapped)
                parameter.Base = new RegeneratedParameterBase(new(session.Options.Seed, (uint)parameter.Ordinal, 1f / MathF.Sqrt(parameter.Columns), Distribution.Normal));
            else if (parameter.Base is RegeneratedParameterBase or ZeroParameterBase)
                throw EdbException.Usage($"--base mapped: '{parameter.Name}' is not stored in the model file; export it with its values first");
        }
    }

    /// <summary>What is not tracked is zero from now on.</summary>
    public static void Fade(this BaseOverride choice, TrainingSession session)
    {
        if (choice != BaseOverride.Zero) return;
        foreach (var parameter in Weights(session)) parameter.Base = new ZeroParameterBase();
    }

    static IEnumerable<Parameter> Weights(TrainingSession session) => session.Setup.Trainable.Where(p => p.Role == ParameterRole.Weight);
}
