using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Onnx;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Tests;

public sealed class PersonalizeTextTests
{
    static readonly NextSteps s_next = new("net.onnx", "net.onnx", "net.edb", " --data 'my samples.npz'", " --data 'my samples.npz'", "x", OnnxDataType.Float,
        [1, 1, 28, 28], "logits");

    [Fact]
    public void AResultReadsLikeThis() => Assert.Equal("""
        personalized net.onnx in 320 steps of 32 samples

        accuracy     before after change
        your data     30.8% 83.1%  +52.3
        what it knew  91.5% 88.0%   -3.5

        mode              dropback, select exact, score layer, seed 1
        changed weights   2,329 of 116,442 (2.0%)
        store             net.edb, 15.5 KB
        learning rate     0.4
        tracked set fixed before step 96 (--freeze-after auto)
        exchanged a step  12.3% of the tracked weights in the first epoch, 1.8% in the last that selected
        loss              1.7657 in the first epoch, 0.3964 in the last
        step time         19.33 ms median, 34.72 ms p95, 2 threads
        peak memory       25.4 MB planned, 27.2 MB measured

        off-chip a step, algorithmic lens, raspberry-pi-4b   total weights          energy
        dropback, selecting                                59.0 MB 1.53 MB 1.85 to 6.49 mJ
        dropback, frozen                                   58.0 MB 1.03 MB 1.85 to 6.49 mJ
        the same, spread over all layers                   58.5 MB 1.10 MB 1.86 to 6.50 mJ
        last layer only                                    22.6 MB  478 KB 0.72 to 2.53 mJ
        dense SGD                                          59.7 MB 2.80 MB 1.91 to 6.69 mJ
        less than dense SGD                                  1.03x   2.73x
        the first layer with tracked weights is 'conv2': backward after the freeze stops there (`edb plan` spreads them over all layers)

        next:
          edb compare net.onnx --data 'my samples.npz'   # the same data through dense, last-layer and bias training
          edb eval net.onnx --store net.edb --data 'my samples.npz'   # accuracy of what was learned
          edb export net.onnx --store net.edb -o personal-net.onnx   # a plain ONNX file for any runtime
        Python, after the export:
          import numpy as np, onnxruntime as ort
          session = ort.InferenceSession("personal-net.onnx")
          scores = session.run(["logits"], {"x": np.zeros((1, 1, 28, 28), np.float32)})[0]
        C#, with the package Microsoft.ML.OnnxRuntime:
          using var session = new InferenceSession("personal-net.onnx");
          using var x = OrtValue.CreateTensorValueFromMemory(new float[784], [1, 1, 28, 28]);
          using var scores = session.Run(new RunOptions(), ["x"], [x], ["logits"]);

        """, Text(Made()), ignoreLineEndingDifferences: true);

    [Fact]
    public void AResultThatWasNotKeptSaysWhyAndOffersNoExport()
    {
        var text = Text(Made() with { Accepted = false, Refusal = "user accuracy changed by -0.0100, wanted +0.0000 or more" });
        Assert.StartsWith("tried to personalize net.onnx", text);
        Assert.EndsWith("not kept: user accuracy changed by -0.0100, wanted +0.0000 or more; the store stays as it was\n", text);
    }

    [Fact]
    public void AccuracyThatALossDoesNotHaveIsLeftOut()
        => Assert.DoesNotContain("accuracy ", Text(Made() with { Accuracy = new(null, null, null, null) }).Split("next:")[0]);

    static string Text(PersonalizeResult result)
    {
        var output = new StringWriter();
        PersonalizeText.Write(new Terminal { Out = output, Error = TextWriter.Null }.Tables(), result, s_next);
        return string.Join('\n', output.ToString().Split('\n').Select(line => line.TrimEnd()));
    }

    static PersonalizeResult Made() => new()
    {
        Model = "net.onnx",
        Parameters = 116_442,
        Tracked = 2329,
        Budget = 2329,
        Steps = 320,
        Batch = 32,
        Threads = 2,
        Seed = 1,
        Mode = "dropback",
        Select = "exact",
        Score = "layer",
        Rate = 0.4f,
        FrozenAt = 96,
        FreezeAfter = "auto",
        Churn = new(0.123, 0.018),
        Loss = new(1.7657, 0.3964),
        Accuracy = new(0.308, 0.831, 0.915, 0.88),
        StepMilliseconds = new(19.33, 34.72),
        Memory = new(25_400_000, 27_200_000, [new("arena", 25_400_000)]),
        Store = new("net.edb", 15_520, new string('a', 64)),
        Traffic = new("raspberry-pi-4b", "algorithmic", Moved(58_000_000, 1_030_000, 1.85, 6.49), Moved(59_000_000, 1_530_000, 1.85, 6.49),
            Moved(59_700_000, 2_800_000, 1.91, 6.69), Moved(22_600_000, 478_000, 0.72, 2.53), 1.03, 2.73)
        {
            FirstTrackedLayer = "conv2",
            EveryLayerPerStep = Moved(58_500_000, 1_100_000, 1.86, 6.50),
        },
        Skipped = [],
        Accepted = true,
    };

    static TrafficSummary Moved(long total, long weights, double low, double high)
        => new(total, weights, total - weights, total / 2, total - total / 2, new(low / 1000, (low + high) / 2000, high / 1000));
}
