using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using EdgeDropBack.Data;

namespace EdgeDropBack.Training;

/// <summary>Everything that decides a result beside the model, so that a run is only resumed as what it was.</summary>
sealed class RunIdentity
{
    /// <summary>Samples of a data set that are looked at; counts, labels and targets are looked at in full.</summary>
    const int SamplesLookedAt = 16;

    readonly (string Name, string Value)[] _entries;

    RunIdentity((string Name, string Value)[] entries) => _entries = entries;

    public static RunIdentity Of(PersonalizeOptions options, TrainingSession session, IEnumerable<Dataset> data)
    {
        var o = options.Session;
        return new(
        [
            ("--mode", TrainableParameters.Name(o.Mode)), ("--batch", Text(o.Batch)), ("--micro-batch", Text(session.Graph.Batch)), ("--budget", Text(session.BudgetCount)),
            ("--loss", LossInput.Name(o.Loss)), ("--optimizer", o.Optimizer == OptimizerKind.Adam ? "adam" : "sgd"), ("--momentum", Text(o.Momentum)),
            ("--clip", Text(o.Clip)), ("--bn", o.TrainBatchNorm ? "train" : "frozen"), ("--seed", Text(o.Seed)), ("the base's --seed", session.Options.BaseSeed is { } seed ? Text(seed) : "unset"),
            ("--lr", options.Rate is { } rate ? Text(rate) : "auto"), ("--schedule", options.Schedule.ToString()),
            ("--epochs", Text(options.Epochs)), ("--steps", options.Steps is { } steps ? Text(steps) : "unset"),
            ("--patience", options.Patience is { } patience ? Text(patience) : "off"),
            ("--distill", options.Distill is { } distill ? distill ? "on" : "off" : "auto"), ("--freeze-after", options.Freeze.ToString()),
            ("--score", options.Score == ScoreMode.Layer ? "layer" : "global"), ("--select", options.Select.Name()),
            ("--weight-decay", Text(o.WeightDecay)), ("--augment", options.Augment.ToString()), ("--init-decay", Text(o.InitDecay)), ("--new-head", Text(session.Options.NewHeadClasses)),
            ("--from", options.From is { } from ? Short(SHA256.HashData(File.ReadAllBytes(from))) : "unset"), ("data", Short(Hash(data))),
            .. session.Prefix is { } prefix ? [("--train-from", prefix.Cut.Spec)] : Array.Empty<(string, string)>(),
        ]);
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(string.Join('\n', _entries.Select(e => $"{e.Name} {e.Value}")));

    /// <summary>What an interrupted run had otherwise; null where it was the same.</summary>
    public string? Difference(byte[] interrupted)
    {
        if (interrupted.AsSpan().SequenceEqual(ToBytes())) return null;
        var lines = Encoding.UTF8.GetString(interrupted).Split('\n').ToHashSet(StringComparer.Ordinal);
        var others = _entries.Where(e => !lines.Contains($"{e.Name} {e.Value}")).Select(e =>
        {
            var line = lines.FirstOrDefault(l => l.StartsWith(e.Name + " ", StringComparison.Ordinal));
            return line is null || e.Name == "data" ? "other data" : $"{line} instead of {e.Value}";
        });
        return string.Join(", ", others.Distinct());
    }

    static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    static string Short(byte[] hash) => Convert.ToHexStringLower(hash)[..16];

    static byte[] Hash(IEnumerable<Dataset> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var set in data)
        {
            hash.AppendData(BitConverter.GetBytes(set.Count));
            hash.AppendData(MemoryMarshal.AsBytes(set.Labels.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(set.Targets.AsSpan()));
            var raw = set.Raw;
            var sample = new float[raw.SampleLength];
            for (var i = 0; i < set.Count; i += Math.Max(1, set.Count / SamplesLookedAt))
            {
                raw.CopySample(i, sample);
                hash.AppendData(MemoryMarshal.AsBytes(sample.AsSpan()));
            }
        }
        return hash.GetHashAndReset();
    }
}
