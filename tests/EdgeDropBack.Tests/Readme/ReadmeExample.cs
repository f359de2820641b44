using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Readme;

/// <summary>The README's library example, compiled. Its text is compared with the README's by <see cref="ReadmeTests"/>.</summary>
static class ReadmeExample
{
    public static void Run(IEnumerable<(float[] X, int[] Labels)> batches)
    {
        // <example>
        using var session = TrainingSession.Open("model.onnx", new SessionOptions { Batch = 32, Budget = Budget.Parse("2%") });
        foreach (var (x, labels) in batches)            // x: 32 samples as float[], labels: int[32]
            session.Step(x, labels, rate: 0.4f);
        session.WriteTracked("user.edb");               // the k weights that changed
        session.Export("mine.onnx");                    // a plain ONNX file

        var result = Personalizer.Run(new PersonalizeOptions { Model = "model.onnx", Data = "photos/", NewHead = true });
        Console.WriteLine($"{result.Accuracy.Before:P1} -> {result.Accuracy.After:P1}, {result.Store.Bytes} bytes");
        // </example>
    }
}
