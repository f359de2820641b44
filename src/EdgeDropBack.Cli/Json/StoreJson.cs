using System.Text.Json;
using EdgeDropBack.Data;
using EdgeDropBack.Json;
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
    public static void Fields(Utf8JsonWriter json, StoreJson value)
    {
        json.Field("path", value.Path);
        json.Field("bytes", value.Bytes);
        json.Field("sha256", value.Sha256);
        json.Field("modelSha256", value.ModelSha256);
        json.Field("mode", value.Mode);
        json.Field("select", value.Select);
        json.Field("score", value.Score);
        json.Field("optimizer", value.Optimizer);
        json.Field("loss", value.Loss);
        json.Field("batchNorm", value.BatchNorm);
        json.Field("schedule", value.Schedule);
        json.Field("seed", value.Seed);
        json.Field("budget", value.Budget);
        json.Field("parameters", value.Parameters);
        json.Field("tracked", value.Tracked);
        json.Field("batch", value.Batch);
        json.Field("step", value.Step);
        json.Field("totalSteps", value.TotalSteps);
        json.Field("learningRate", value.LearningRate);
        json.Field("freezeStep", value.FreezeStep);
        json.Field("bestLoss", value.BestLoss);
        json.Field("bestAccuracy", value.BestAccuracy);
        json.Field("tensors", value.Tensors, StoredTensorJson.Fields);
        json.Field("sidecar", value.Sidecar);
        json.Field("classNames", value.ClassNames);
    }

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

sealed record StoredTensorJson(string Name, long Weights, int Tracked)
{
    public static void Fields(Utf8JsonWriter json, StoredTensorJson value)
    {
        json.Field("name", value.Name);
        json.Field("weights", value.Weights);
        json.Field("tracked", value.Tracked);
    }
}

/// <summary>`edb store list --json` and `edb store verify --json`.</summary>
sealed record StoreListJson(string Path, IReadOnlyList<GenerationJson> Generations)
{
    public static void Fields(Utf8JsonWriter json, StoreListJson value)
    {
        json.Field("path", value.Path);
        json.Field("generations", value.Generations, GenerationJson.Fields);
    }
}

/// <param name="Number">0 is current, 1 the one before it; -1 the pinned one.</param>
/// <param name="Before">Accuracy on the user's data without this training.</param>
/// <param name="Accuracy">With it.</param>
/// <param name="Retained">Accuracy on the retention data with it.</param>
/// <param name="Error">What is wrong with the file; null where it is whole.</param>
sealed record GenerationJson(int Number, string Path, long Bytes, string? Sidecar, int? Tracked, long? Step, double? Before, double? Accuracy,
    double? Retained, string? Error)
{
    public static void Fields(Utf8JsonWriter json, GenerationJson value)
    {
        json.Field("number", value.Number);
        json.Field("path", value.Path);
        json.Field("bytes", value.Bytes);
        json.Field("sidecar", value.Sidecar);
        json.Field("tracked", value.Tracked);
        json.Field("step", value.Step);
        json.Field("before", value.Before);
        json.Field("accuracy", value.Accuracy);
        json.Field("retained", value.Retained);
        json.Field("error", value.Error);
    }
}

/// <summary>`edb store diff --json`.</summary>
sealed record StoreDiffJson(string A, string B, bool IsSame, IReadOnlyList<TensorDiff> Tensors)
{
    public static void Fields(Utf8JsonWriter json, StoreDiffJson value)
    {
        json.Field("a", value.A);
        json.Field("b", value.B);
        json.Field("isSame", value.IsSame);
        json.WriteStartArray("tensors");
        foreach (var tensor in value.Tensors) Tensor(json, tensor);
        json.WriteEndArray();
    }

    static void Tensor(Utf8JsonWriter json, TensorDiff tensor)
    {
        json.WriteStartObject();
        json.Field("name", tensor.Name);
        json.Field("onlyInA", tensor.OnlyInA);
        json.Field("onlyInB", tensor.OnlyInB);
        json.Field("same", tensor.Same);
        json.Field("changed", tensor.Changed);
        json.Field("maxAbsDifference", tensor.MaxAbsDifference);
        json.WriteEndObject();
    }
}
