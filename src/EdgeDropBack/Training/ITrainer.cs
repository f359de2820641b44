using EdgeDropBack.Planning;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>A <see cref="Trainer{TMeter}"/> whatever its meter.</summary>
interface ITrainer
{
    /// <summary>Where kernels read the present weights.</summary>
    IParameterValues Values { get; }

    /// <summary>The tracked weights; null in the dense baseline.</summary>
    TrackedSet? Tracked { get; }

    /// <summary>The dense weights; null in every other mode.</summary>
    DenseValues? Dense { get; }

    /// <summary>Optimizer state of the dense baseline, slot after slot, a parameter each; empty in every other mode.</summary>
    IReadOnlyList<float[]> DenseState { get; }

    /// <summary>What the next step will do.</summary>
    TrainingPlan Plan { get; }

    /// <summary>The tracked set is fixed.</summary>
    bool IsFrozen { get; }

    /// <summary>Weights that became tracked in the last step.</summary>
    int Entered { get; }

    /// <summary>Untracked weights that passed the threshold of the last step, the entered ones among them.</summary>
    int Candidates { get; }

    /// <summary>The last step's k-th score, which goes into checkpoints: it saves work and never changes a result.</summary>
    float Threshold { get; set; }

    /// <summary>[batch or micro-batch, ...] the model's first input.</summary>
    Span<float> Input { get; }

    /// <summary>Fixes the tracked set; from now on a step computes its gradients only.</summary>
    void Freeze();

    /// <summary>Goes back to an earlier content of <see cref="Tracked"/>; a frozen set stays frozen, now on that content.</summary>
    void Restore(TrackedSet earlier);

    /// <summary>One step on a batch. A loss that is not finite changes nothing.</summary>
    /// <param name="rate">Learning rate of this step.</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <param name="fill">Writes the inputs, of each micro-batch where there are some; called again where a step has to be computed twice,
    /// since the arena is reused.</param>
    /// <returns>Mean loss before the update.</returns>
    double Step(Batch batch, float rate, int step, BatchFill? fill = null);
}
