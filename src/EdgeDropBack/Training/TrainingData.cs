using EdgeDropBack.Data;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>
/// The samples that a run trains on: the user's, and replayed ones whose targets may be the base's own outputs. Every epoch has an order
/// of its own from the seed; batches run on over the ends of epochs, so that all are full.
/// </summary>
sealed class TrainingData
{
    /// <summary>Temperature at which the base's outputs are taught to the model on replayed samples.</summary>
    public const float Temperature = 2f;

    readonly Dataset _user;
    readonly Dataset? _replay;
    readonly LossKind _loss;
    readonly uint _seed;
    readonly float[]? _teacher;
    readonly Augmentation _augmentation;
    readonly ImageGeometry _image;
    readonly float[] _changed = [];
    readonly int[] _order;
    readonly int[] _samples;
    readonly int[] _chosen;
    int _epoch = -1;
    long _position = -1;

    /// <param name="replay">Old samples; null for none.</param>
    /// <param name="teacher">[replay samples, outputs] targets from the base, or null for the samples' own.</param>
    /// <param name="augmentation">Of all samples but those with targets from the base; null for none.</param>
    /// <param name="image">Geometry of a sample, where there is an augmentation.</param>
    public TrainingData(Dataset user, Dataset? replay, float[]? teacher, LossKind loss, int batch, uint seed, Augmentation? augmentation = null,
        ImageGeometry image = default)
    {
        (_augmentation, _image) = (augmentation ?? Augmentation.None, image);
        if (_augmentation != Augmentation.None) _changed = new float[user.SampleLength];
        (_user, _replay, _teacher, _loss, _seed) = (user, replay, teacher, loss, seed);
        _order = new int[user.Count + (replay?.Count ?? 0)];
        (_samples, _chosen) = (new int[batch], new int[batch]);
    }

    /// <summary>Samples in an epoch.</summary>
    public int Count => _order.Length;

    public int UserCount => _user.Count;

    public int StepsPerEpoch => (Count + _samples.Length - 1) / _samples.Length;

    public long Bytes => _user.ResidentBytes + (_replay?.ResidentBytes ?? 0) + 4L * (_order.Length + (_teacher?.Length ?? 0));

    /// <summary>What the base puts out on the replayed samples, as targets: probabilities at <see cref="Temperature"/> for cross-entropy.</summary>
    public static float[] Teach(TrainingSession session, Dataset replay, IParameterValues values)
    {
        var outputs = session.Outputs;
        var targets = new float[replay.Count * outputs];
        Evaluator.ForEachBatch(session, replay, values, (first, count, logits) =>
        {
            for (var s = 0; s < count; s++)
            {
                var row = targets.AsSpan((first + s) * outputs, outputs);
                logits.Slice(s * outputs, outputs).CopyTo(row);
                if (session.Options.Loss == LossKind.CrossEntropy)
                {
                    Elementwise.Scale(row, 1f / Temperature, row);
                    Softmax.Forward(row, row, 1, outputs, 1);
                }
                else if (session.Options.Loss == LossKind.BinaryCrossEntropy)
                {
                    Elementwise.Unary(UnaryKind.Sigmoid, row, row, 0f, 0f);
                }
            }
        });
        return targets;
    }

    /// <summary>Picks the samples of a step and writes their targets; they are augmented.</summary>
    public void Prepare(int step, Batch batch)
    {
        for (var s = 0; s < _samples.Length; s++)
        {
            var position = (long)step * _samples.Length + s;
            var epoch = (int)(position / Count);
            if (epoch != _epoch) SampleOrder.Fill(_order, _seed, _epoch = epoch);
            _samples[s] = _order[(int)(position % Count)];
        }
        _position = (long)step * _samples.Length;
        WriteTargets(batch);
    }

    /// <summary>Picks given samples instead; those beyond the end are padding.</summary>
    /// <param name="samples">Up to what <paramref name="batch"/> holds; below <see cref="UserCount"/> the user's, from there on the replayed
    /// ones. They stay as they are.</param>
    public void Prepare(ReadOnlySpan<int> samples, Batch batch)
    {
        for (var s = 0; s < batch.Size; s++) _samples[s] = samples[Math.Min(s, samples.Length - 1)];
        WriteTargets(batch);
        batch.Weights.AsSpan(samples.Length).Clear();
        _position = -1;
    }

    /// <summary>Writes the inputs of the picked samples, as <see cref="BatchFill"/> does; the last one again as padding.</summary>
    public void Fill(Span<float> input, int first)
    {
        var length = _user.SampleLength;
        if (_user.Prefix is not null) PrepareSources();
        for (var s = 0; s < input.Length / length; s++)
        {
            var (data, index) = Find(_samples[Math.Min(first + s, _samples.Length - 1)]);
            var place = input.Slice(s * length, length);
            if (_changed.Length == 0 || _position < 0 || (data != _user && _teacher is not null))
            {
                data.CopySample(index, place);
                continue;
            }
            data.CopySample(index, _changed);
            _augmentation.Apply(_image, _seed, _position + first + s, _changed, place);
        }
    }

    void PrepareSources()
    {
        var (users, replays) = (0, _samples.Length);
        foreach (var sample in _samples)
        {
            if (sample < _user.Count) _chosen[users++] = sample;
            else _chosen[--replays] = sample - _user.Count;
        }
        _user.Prepare(_chosen.AsSpan(0, users));
        _replay?.Prepare(_chosen.AsSpan(replays));
    }

    /// <summary>A sample's own target: as <see cref="WriteLabel"/> for labels.</summary>
    public static void WriteTarget(Dataset data, int index, LossKind loss, Span<float> target)
    {
        if (loss == LossKind.CrossEntropy || data.Targets is null) WriteLabel(data.Labels![index], target);
        else data.CopyTarget(index, target);
    }

    /// <summary>One-hot; where there is one output, the label itself, 0 or 1.</summary>
    public static void WriteLabel(int label, Span<float> target)
    {
        target.Clear();
        if (target.Length > 1) target[label] = 1f;
        else target[0] = label;
    }

    void WriteTargets(Batch batch)
    {
        for (var s = 0; s < batch.Size; s++)
        {
            batch.Weights[s] = 1f;
            batch.Temperatures[s] = 1f;
            var target = batch.Targets.AsSpan(s * batch.Outputs, batch.Outputs);
            var (data, index) = Find(_samples[s]);
            if (_teacher is null || data == _user)
            {
                WriteTarget(data, index, _loss, target);
            }
            else
            {
                _teacher.AsSpan(index * batch.Outputs, batch.Outputs).CopyTo(target);
                if (_loss == LossKind.CrossEntropy) batch.Temperatures[s] = Temperature;
            }
        }
    }

    (Dataset Data, int Index) Find(int sample) => sample < _user.Count ? (_user, sample) : (_replay!, sample - _user.Count);
}
