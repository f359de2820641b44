using EdgeDropBack.Data;
using EdgeDropBack.Kernels;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>Runs a model over a data set, forward only.</summary>
static class Evaluator
{
    public static Evaluation Run(TrainingSession session, Dataset data, IParameterValues values)
    {
        var classes = session.Options.Loss == LossKind.CrossEntropy ? session.Outputs : 0;
        var confusion = classes > 0 ? new int[classes, classes] : null;
        var batch = new Batch(session.Graph.Batch, session.Outputs);
        var (loss, right, answers) = (0.0, 0L, 0L);
        ForEachBatch(session, data, values, (first, count, outputs) =>
        {
            batch.Clear();
            for (var s = 0; s < count; s++)
            {
                batch.Weights[s] = 1f;
                var row = outputs.Slice(s * session.Outputs, session.Outputs);
                var targets = batch.Targets.AsSpan(s * session.Outputs, session.Outputs);
                TrainingData.WriteTarget(data, first + s, session.Options.Loss, targets);
                if (confusion is not null)
                {
                    var predicted = ArgMax(row);
                    confusion[data.Labels![first + s], predicted]++;
                    if (predicted == data.Labels[first + s]) right++;
                    answers++;
                }
                else if (session.Options.Loss == LossKind.BinaryCrossEntropy)
                {
                    for (var o = 0; o < row.Length; o++) if ((row[o] > 0f) == (targets[o] > 0.5f)) right++;
                    answers += row.Length;
                }
            }
            Loss.Forward(session.Options.Loss, outputs, batch, default);
            for (var s = 0; s < count; s++) loss += batch.Losses[s];
        });
        return new(data.Count, answers > 0 ? (double)right / answers : null, data.Count > 0 ? loss / data.Count : 0, confusion);
    }

    /// <summary>The class with the largest output, for every sample.</summary>
    public static int[] Predict(TrainingSession session, Dataset data, IParameterValues values)
    {
        var answers = new int[data.Count];
        ForEachBatch(session, data, values, (first, count, outputs) =>
        {
            for (var s = 0; s < count; s++) answers[first + s] = ArgMax(outputs.Slice(s * session.Outputs, session.Outputs));
        });
        return answers;
    }

    /// <summary>Runs over all samples in batches; the last batch is padded with its first sample.</summary>
    /// <param name="act">First sample, number of samples that count, [batch, outputs].</param>
    public static void ForEachBatch(TrainingSession session, Dataset data, IParameterValues values, BatchAction act)
    {
        var executor = session.Inference(values);
        var (size, length) = (session.Graph.Batch, data.SampleLength);
        var meter = new NoMeter();
        var samples = data.Prefix is null ? [] : new int[size];
        for (var first = 0; first < data.Count; first += size)
        {
            session.Cancel.ThrowIfCancellationRequested();
            var count = Math.Min(size, data.Count - first);
            for (var s = 0; s < samples.Length; s++) samples[s] = first + (s < count ? s : 0);
            data.Prepare(samples);
            var input = executor.Values(session.Graph.Inputs[0]);
            for (var s = 0; s < size; s++) data.CopySample(first + (s < count ? s : 0), input.Slice(s * length, length));
            executor.Forward(ref meter, isTraining: false);
            act(first, count, executor.Values(session.LossInput));
        }
    }

    public delegate void BatchAction(int first, int count, ReadOnlySpan<float> outputs);

    /// <summary>The first of the largest.</summary>
    static int ArgMax(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++) if (row[i] > row[best]) best = i;
        return best;
    }
}
