using System.Text.Json;
using EdgeDropBack.Devices;
using EdgeDropBack.Json;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Json;

/// <summary>Writes the library's results: what `edb personalize --json` and `edb bench --json` print.</summary>
static class ResultJson
{
    public static void Fields(Utf8JsonWriter json, PersonalizeResult result)
    {
        json.Field("model", result.Model);
        json.Field("parameters", result.Parameters);
        json.Field("output", result.Output);
        json.Field("tracked", result.Tracked);
        json.Field("budget", result.Budget);
        json.Field("steps", result.Steps);
        json.Field("batch", result.Batch);
        json.Field("threads", result.Threads);
        json.Field("seed", result.Seed);
        json.Field("mode", result.Mode);
        json.Field("select", result.Select);
        json.Field("score", result.Score);
        json.Field("rate", result.Rate);
        json.Field("frozenAt", result.FrozenAt);
        json.Field("churn", result.Churn, Fields);
        json.Field("freezeAfter", result.FreezeAfter);
        json.Field("initDecay", result.InitDecay);
        json.Field("baseFactor", result.BaseFactor);
        json.Field("loss", result.Loss, Fields);
        json.Field("accuracy", result.Accuracy, Fields);
        json.Field("stepMilliseconds", result.StepMilliseconds, Fields);
        json.Field("epochMilliseconds", result.EpochMilliseconds);
        json.Field("memory", result.Memory, Fields);
        json.Field("store", result.Store, Fields);
        json.Field("traffic", result.Traffic, Fields);
        json.Field("prefix", result.Prefix, Fields);
        json.Field("throttled", result.Throttled, Fields);
        json.Field("skipped", result.Skipped);
        json.Field("notes", result.Notes);
        json.Field("accepted", result.Accepted);
        json.Field("refusal", result.Refusal);
        json.Field("notWritten", result.NotWritten);
    }

    public static void Fields(Utf8JsonWriter json, PrefixFigures figures)
    {
        json.Field("trainFrom", figures.TrainFrom);
        json.Field("runtime", figures.Runtime);
        json.Field("nodes", figures.Nodes);
        json.Field("values", figures.Values);
        json.Field("runBatch", figures.RunBatch);
        json.Field("computedSamples", figures.ComputedSamples);
        json.Field("cachedSamples", figures.CachedSamples);
        json.Field("cachePath", figures.CachePath);
        json.Field("cacheBytes", figures.CacheBytes);
        json.Field("cacheSha256", figures.CacheSha256);
        json.Field("damagedRecords", figures.DamagedRecords);
        json.Field("residentBytes", figures.ResidentBytes);
        json.Field("insideBitLaw", figures.InsideBitLaw);
    }

    static void Fields(Utf8JsonWriter json, ThrottleFigures figures)
    {
        json.Field("hottestCelsius", figures.HottestCelsius);
        json.Field("coolingPauses", figures.CoolingPauses);
        json.Field("coolingSeconds", figures.CoolingSeconds);
        json.Field("dutySeconds", figures.DutySeconds);
        json.Field("deadlineSteps", figures.DeadlineSteps);
        json.Field("cutByDeadline", figures.IsCutByDeadline);
    }

    public static void Fields(Utf8JsonWriter json, BenchResult result)
    {
        json.Field("model", result.Model);
        json.Field("mode", result.Mode);
        json.Field("batch", result.Batch);
        json.Field("microBatches", result.MicroBatches);
        json.Field("recomputedNodes", result.RecomputedNodes);
        json.Field("threads", result.Threads);
        json.Field("base", result.Base);
        json.Field("kernels", result.Kernels);
        json.Field("steps", result.Steps);
        json.Field("warmup", result.Warmup);
        json.Field("stepsRunAgain", result.StepsRunAgain);
        json.Field("parameters", result.Parameters);
        json.Field("tracked", result.Tracked);
        json.Field("stepMilliseconds", result.StepMilliseconds, Fields);
        json.Field("cpuMilliseconds", result.CpuMilliseconds);
        json.Field("memory", result.Memory, Fields);
        json.Field("peakGigaflops", result.PeakGigaflops);
        json.Field("measured", result.Measured, TrafficJson.Fields);
        json.Field("modelled", result.Modelled, Fields);
        json.Field("metering", result.Metering, Fields);
        json.Field("layers", result.Layers, Fields);
        json.Field("otherMilliseconds", result.OtherMilliseconds);
    }

    public static void Fields(Utf8JsonWriter json, MeteringCost cost)
    {
        json.Field("offMilliseconds", cost.OffMilliseconds);
        json.Field("onMilliseconds", cost.OnMilliseconds);
        json.Field("share", cost.Share);
    }

    public static void Fields(Utf8JsonWriter json, BenchTraffic traffic)
    {
        json.Field("profile", traffic.Profile);
        json.Field("fillLines", traffic.FillLines);
        json.Field("writeBackLines", traffic.WriteBackLines);
        json.Field("lineBytes", traffic.LineBytes);
        json.Field("rules", traffic.Rules);
    }

    public static void Fields(Utf8JsonWriter json, MemoryItem item)
    {
        json.Field("name", item.Name);
        json.Field("bytes", item.Bytes);
    }

    public static void Fields(Utf8JsonWriter json, LossFigures loss)
    {
        json.Field("first", loss.First);
        json.Field("last", loss.Last);
    }

    public static void Fields(Utf8JsonWriter json, ChurnFigures churn)
    {
        json.Field("first", churn.First);
        json.Field("last", churn.Last);
    }

    public static void Fields(Utf8JsonWriter json, AccuracyFigures accuracy)
    {
        json.Field("before", accuracy.Before);
        json.Field("after", accuracy.After);
        json.Field("retainBefore", accuracy.RetainBefore);
        json.Field("retainAfter", accuracy.RetainAfter);
        json.Field("kind", EvaluationJson.Name(accuracy.Kind));
        json.Field("retainKind", EvaluationJson.Name(accuracy.RetainKind));
        json.Field("macroF1", accuracy.MacroF1, Fields);
        json.Field("falseRejectRate", accuracy.FalseRejectRate, Fields);
        json.Field("falseAcceptRate", accuracy.FalseAcceptRate, Fields);
    }

    static void Fields(Utf8JsonWriter json, BeforeAfter figure)
    {
        json.Field("before", figure.Before);
        json.Field("after", figure.After);
    }

    public static void Fields(Utf8JsonWriter json, TimeFigures time)
    {
        json.Field("median", time.Median);
        json.Field("p95", time.P95);
    }

    public static void Fields(Utf8JsonWriter json, MemoryFigures memory)
    {
        json.Field("plannedPeakBytes", memory.PlannedPeakBytes);
        json.Field("peakResidentBytes", memory.PeakResidentBytes);
        json.Field("plan", memory.Plan, Fields);
        json.Field("anonymousBytes", memory.AnonymousBytes);
    }

    public static void Fields(Utf8JsonWriter json, StoreFigures store)
    {
        json.Field("path", store.Path);
        json.Field("bytes", store.Bytes);
        json.Field("sha256", store.Sha256);
    }

    public static void Fields(Utf8JsonWriter json, TrafficFigures traffic)
    {
        json.Field("profile", traffic.Profile);
        json.Field("lens", traffic.Lens);
        json.Field("perStep", traffic.PerStep, TrafficJson.Fields);
        json.Field("selectPerStep", traffic.SelectPerStep, TrafficJson.Fields);
        json.Field("densePerStep", traffic.DensePerStep, TrafficJson.Fields);
        json.Field("lastLayerPerStep", traffic.LastLayerPerStep, TrafficJson.Fields);
        json.Field("ratio", traffic.Ratio);
        json.Field("weightRatio", traffic.WeightRatio);
        json.Field("firstTrackedLayer", traffic.FirstTrackedLayer);
        json.Field("everyLayerPerStep", traffic.EveryLayerPerStep, TrafficJson.Fields);
    }

    public static void Fields(Utf8JsonWriter json, BenchMemory memory)
    {
        json.Field("plannedBytes", memory.PlannedBytes);
        json.Field("rssAnonBytes", memory.RssAnonBytes);
        json.Field("rssFileBytes", memory.RssFileBytes);
        json.Field("peakResidentBytes", memory.PeakResidentBytes);
    }

    public static void Fields(Utf8JsonWriter json, BenchLayer layer)
    {
        json.Field("name", layer.Name);
        json.Field("operator", layer.Operator);
        json.Field("forwardMilliseconds", layer.ForwardMilliseconds);
        json.Field("backwardMilliseconds", layer.BackwardMilliseconds);
        json.Field("forwardGigaflops", layer.ForwardGigaflops);
    }
}
