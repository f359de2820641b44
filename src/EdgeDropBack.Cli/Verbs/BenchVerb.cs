using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>How long a training step takes here.</summary>
static class BenchVerb
{
    static readonly (string Name, BenchMode Mode)[] s_modes = [("dense", BenchMode.Dense), ("select", BenchMode.Select),
        ("frozen", BenchMode.Frozen)];

    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "ONNX file" };
        var mode = new Setting<BenchMode>("--mode", "dense|select|frozen", "frozen", "Every weight; before the freeze; after it",
            Values.OneOf("--mode", s_modes));
        var batch = new Setting<int>("--batch", "N", "32", "Samples a step", Values.Int("--batch", 1));
        var threads = new Setting<int>("--threads", "N", null, "Default: the performance cores", Values.Threads);
        var budget = new Setting<Budget>("--budget", "N|P%", "2%", "Tracked weights: a count, or a share of all trainable ones",
            Budget.Parse);
        var @base = TrainingSettings.BaseSetting();
        var steps = new Setting<int>("--steps", "N", "50", "Steps that count", Values.Int("--steps", 1));
        var warmup = new Setting<int>("--warmup", "N", "10", "Steps before them", Values.Int("--warmup", 0));
        var microBatch = TrainingSettings.MicroBatchSetting();
        var memory = TrainingSettings.MemorySetting();
        var seed = new Setting<uint>("--seed", "N", "1", "Of the random data and of the tracked positions", Values.UInt("--seed"));
        var profile = new Option<string?>("--profile") { HelpName = "P", Description = "Also a step's traffic by the modelled lens on that device" };
        var metering = new Option<bool>("--metering") { Description = "Also what counting traffic costs: steps with and without it, in turn" };
        var noLayers = new Option<bool>("--no-layers") { Description = "Leave out each layer's time, which takes the same steps once more" };
        var input = new InputSettings();
        var verb = new Verb("bench", "Step time on random data: median and 95th percentile, memory, and each layer's share.",
            "bench model.onnx", "bench model.onnx --mode select --threads 1 --json", "bench model.onnx --batch 1 --steps 200",
            "bench model.onnx --base zero", "bench model.onnx --mode select --memory-limit 16MB");
        return verb.Takes([model, mode, batch, threads, budget, @base, steps, warmup, microBatch, memory, seed, profile, metering, noLayers, .. input.Geometry]).Does(parse =>
        {
            var result = Bench.Run(new()
            {
                Model = parse.GetValue(model)!,
                Mode = mode.In(parse),
                Batch = batch.In(parse),
                MicroBatch = microBatch.In(parse),
                MemoryLimit = memory.In(parse),
                Threads = threads.In(parse),
                Budget = budget.In(parse),
                Base = @base.In(parse),
                Steps = steps.In(parse),
                Warmup = warmup.In(parse),
                Seed = seed.In(parse),
                Profile = parse.GetValue(profile),
                Metering = parse.GetValue(metering),
                Layers = !parse.GetValue(noLayers),
                SampleShape = DataPreparation.SampleShape(parse.GetValue(model)!, DataPreparation.Preprocessing(parse.GetValue(model)!, input.Read(parse))),
            });
            if (verb.IsJson(parse)) terminal.WriteJson(result, ResultJson.Fields);
            else Write(terminal, result);
            return 0;
        });
    }

    static void Write(Terminal terminal, BenchResult result)
    {
        var console = terminal.Tables();
        if (result is { Layers: { } layers, OtherMilliseconds: { } other }) WriteLayers(terminal, console, layers, other);
        var totals = new Sheet("", ">");
        totals.Row($"{result.Mode} step, median", Figures.Milliseconds(result.StepMilliseconds.Median))
            .Row("95th percentile", Figures.Milliseconds(result.StepMilliseconds.P95))
            .Row("updated weights", $"{Figures.Count(result.Tracked)} of {Figures.Count(result.Parameters)}")
            .Row("base", result.Base)
            .Row("threads, kernels", $"{result.Threads}, {result.Kernels}")
            .Row("micro-batches, nodes run forward twice", $"{result.MicroBatches}, {result.RecomputedNodes}")
            .Row("peak of a core", $"{Figures.Number(Math.Round(result.PeakGigaflops, 1))} GFLOP/s")
            .Row("anonymous memory, planned", Figures.Bytes(result.Memory.PlannedBytes))
            .Row("anonymous memory, measured", Figures.Bytes(result.Memory.RssAnonBytes))
            .Row("mapped pages", Figures.Bytes(result.Memory.RssFileBytes))
            .Row("measured traffic, lines a step", result.Measured.ToString())
            .Write(console);
        if (result.Metering is { } metering)
        {
            terminal.Out.WriteLine();
            new Sheet("counting traffic, median step", ">")
                .Row("off", Figures.Milliseconds(metering.OffMilliseconds))
                .Row("on", Figures.Milliseconds(metering.OnMilliseconds))
                .Row("more, median of pairs", $"{Figures.Number(Math.Round(100 * metering.Share, 2))}%")
                .Write(console);
        }
        if (result.Modelled is not { } traffic) return;
        terminal.Out.WriteLine();
        new Sheet($"modelled on {traffic.Profile}, a step", ">lines", ">bytes")
            .Row("fills", Figures.Count(traffic.FillLines), Figures.Bytes(traffic.FillLines * traffic.LineBytes))
            .Row("write-backs", Figures.Count(traffic.WriteBackLines), Figures.Bytes(traffic.WriteBackLines * traffic.LineBytes))
            .Write(console);
    }

    static void WriteLayers(Terminal terminal, TableOutput console, IReadOnlyList<BenchLayer> measured, double other)
    {
        var layers = new Sheet("layer", "operator", ">forward", ">backward", ">best GFLOP/s");
        foreach (var layer in measured)
            layers.Row(layer.Name, layer.Operator, Figures.Milliseconds(layer.ForwardMilliseconds),
                Figures.Milliseconds(layer.BackwardMilliseconds),
                layer.ForwardGigaflops > 0 ? Figures.Number(Math.Round(layer.ForwardGigaflops, 1)) : "");
        layers.Row("loss, selection, update", "", "", Figures.Milliseconds(other), "");
        layers.Write(console);
        terminal.Out.WriteLine();
    }
}
