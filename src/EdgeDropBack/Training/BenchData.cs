using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>One random batch, the same for every step: inputs near normal, labels even.</summary>
sealed class BenchData
{
    readonly float[] _inputs;

    public BenchData(TrainingSession session, uint seed, uint inputStream, uint labelStream)
    {
        var sampleLength = session.Graph.Inputs[0].Shape.Count / session.Graph.Batch;
        _inputs = new float[sampleLength * session.Options.Batch];
        IndexedRandom.Fill(new RegeneratedBase(seed, inputStream, 1f, Distribution.Normal), 0, _inputs);
        Batch = new Batch(session.Options.Batch, session.Outputs);
        for (var sample = 0; sample < Batch.Size; sample++)
        {
            Batch.Weights[sample] = 1f;
            Batch.Targets[sample * session.Outputs + (int)(IndexedRandom.Hash(seed, labelStream, (ulong)sample) % (uint)session.Outputs)] = 1f;
        }
        Fill = (input, first) =>
        {
            if (first == 0) Passes++;
            _inputs.AsSpan(first * sampleLength, Math.Min(input.Length, _inputs.Length - first * sampleLength)).CopyTo(input);
        };
    }

    public Batch Batch { get; }

    public BatchFill Fill { get; }

    /// <summary>How often the batch was gone through: once a step, and once more where a step had to be computed again.</summary>
    public int Passes { get; private set; }
}
