using EdgeDropBack.Data;
using EdgeDropBack.Store;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb store S --json`.</summary>
sealed record StoreJson(string Path, long Bytes, string Sha256, string ModelSha256, string Mode, string Select, string Score,
    string Optimizer,
    string Loss, string BatchNorm, string Schedule, ulong Seed, int Budget, long Parameters, int Tracked, int Batch, long Step,
        long TotalSteps,
    float LearningRate, long FreezeStep, double? BestLoss, double? BestAccuracy, IReadOnlyList<StoredTensorJson> Tensors, string? Sidecar,
    IReadOnlyList<string>? ClassNames)
{
    public static StoreJson Of(string path, string? sidecar, SparseStore store, string sha256)
    {
        var m = store.Meta;
        return new(path, new FileInfo(path).Length, sha256, m.ModelSha256, m.Mode, m.SelectMode, m.ScoreMode, m.Optimizer, m.Loss,
            m.BatchNorm, m.Schedule,
            m.Seed, m.Budget, m.TrainableCount, store.Tracked.Count, m.BatchSize, m.Step, m.TotalSteps, m.LearningRate, m.FreezeStep,
                m.BestLoss, m.BestAccuracy,
            [.. store.Tracked.Tensors.Select(t => new StoredTensorJson(t.Name, t.ElementCount, t.Count))], sidecar,
            sidecar is null ? null : Data.Sidecar.Read(sidecar).ClassNames);
    }
}

sealed record StoredTensorJson(string Name, long Weights, int Tracked);

/// <summary>`edb store list --json` and `edb store verify --json`.</summary>
sealed record StoreListJson(string Path, IReadOnlyList<GenerationJson> Generations);

/// <param name="Error">What is wrong with the file; null where it is whole.</param>
sealed record GenerationJson(int Number, string Path, long Bytes, string? Sidecar, int? Tracked, long? Step, double? Accuracy,
    string? Error);

/// <summary>`edb store diff --json`.</summary>
sealed record StoreDiffJson(string A, string B, bool IsSame, IReadOnlyList<TensorDiff> Tensors);
