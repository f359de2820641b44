using EdgeDropBack.Data;
using EdgeDropBack.Kernels;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>Runs a model over a data set, forward only.</summary>
static class Evaluator
{
    public static Evaluation Run(TrainingSession session, Dataset data, IParameterValues values)
    {
        var tally = new AnswerTally(data, session.Options.Loss, session.Outputs);
        var batch = new Batch(session.Graph.Batch, session.Outputs);
        var loss = 0.0;
        ForEachBatch(session, data, values, (first, count, outputs) =>
        {
            batch.Clear();
            for (var s = 0; s < count; s++)
            {
                batch.Weights[s] = 1f;
                var targets = batch.Targets.AsSpan(s * session.Outputs, session.Outputs);
                TrainingData.WriteTarget(data, first + s, session.Options.Loss, targets);
                tally.Add(outputs.Slice(s * session.Outputs, session.Outputs), targets);
            }
            Loss.Forward(session.Options.Loss, outputs, batch, default);
            for (var s = 0; s < count; s++) loss += batch.Losses[s];
        });
        return tally.ToEvaluation(data.Count, data.Count > 0 ? loss / data.Count : 0);
    }

    /// <summary>The class with the largest output, for every sample.</summary>
    public static int[] Predict(TrainingSession session, Dataset data, IParameterValues values)
    {
        var answers = new int[data.Count];
        ForEachBatch(session, data, values, (first, count, outputs) =>
        {
            for (var s = 0; s < count; s++) answers[first + s] = AnswerTally.ArgMax(outputs.Slice(s * session.Outputs, session.Outputs));
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
}
