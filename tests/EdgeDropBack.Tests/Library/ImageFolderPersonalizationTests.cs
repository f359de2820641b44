using EdgeDropBack.Tests.Store;
using EdgeDropBack.Tests.Training;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

/// <summary>A folder of pictures to a personalized model in one call, and what is done with the result.</summary>
public sealed class ImageFolderPersonalizationTests
{
    [Fact]
    public void AFolderOfPicturesTrainsANewHeadAndTheStoreIsAllThatIsNeeded()
    {
        using var folder = new TemporaryFolder();
        var data = ShapePictures.Draw(folder["shapes"], 300, 1);
        var test = ShapePictures.Draw(folder["more"], 80, 2);
        var cut = Path.Combine(data, "disc", "002.png");
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..200]);
        List<string> log = [];
        var result = Personalizer.Run(new()
        {
            Model = Fashion.Model,
            Data = data,
            Test = test,
            NewHead = true,
            Store = folder["shapes.edb"],
            Rate = 1.6f,
            Epochs = 15,
            Log = log.Add,
        });

        Assert.True(result.Accepted, result.Refusal);
        Assert.True(result.Accuracy.After >= 0.7, $"accuracy {result.Accuracy.After}, before {result.Accuracy.Before}");
        Assert.Contains("002.png", Assert.Single(result.Skipped), StringComparison.Ordinal);
        Assert.Contains(log, line => line.Contains("002.png", StringComparison.Ordinal));

        var again = Inference.Evaluate(Fashion.Model, folder["shapes.edb"], test, null, null);
        Assert.Equal(result.Accuracy.After, again.Accuracy);
        Assert.Equal(80, again.Samples);

        StoreExport.Export(Fashion.Model, folder["shapes.edb"], folder["shapes.onnx"]);
        using var session = Inference.Open(Fashion.Model, folder["shapes.edb"], null, batch: 8);
        var (x, _) = Fashion.Batch(8);
        var (logits, shape) = OrtModel.Run(folder["shapes.onnx"], x, 8, 1, 28, 28);
        Assert.Equal([8, ShapePictures.Classes.Length], shape);
        Logits.AssertClose(logits, Logits.Of(session, x), 1e-4f);
    }

    [Fact]
    public void FoldersThatDoNotMatchTheLabelsAreRefusedWithBothWaysOut()
    {
        using var folder = new TemporaryFolder();
        var data = ShapePictures.Draw(folder["shapes"], 8, 1);
        foreach (var labels in (string?[])[null, Fashion.Shipped("labels.txt")])
        {
            var refusal = Assert.Throws<EdbException>(() => Personalizer.Run(new() { Model = Fashion.Model, Data = data, Labels = labels, Store = folder["s.edb"] }));
            Assert.Equal(3, refusal.ExitCode);
            Assert.Contains("name", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("--new-head", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("bar", refusal.Message, StringComparison.Ordinal);
        }
        Assert.Empty(StoreFolder.Listing(folder.Path));
    }

    [Fact]
    public void ANewHeadGoesOnLearningFromTheClassesItKnows()
    {
        using var folder = new TemporaryFolder();
        var one = new PersonalizeOptions
        {
            Model = Fashion.Model,
            Data = ShapePictures.Draw(folder["one"], 120, 1),
            Test = ShapePictures.Draw(folder["test"], 40, 2),
            NewHead = true,
            Store = folder["shapes.edb"],
            Rate = 1.6f,
            Epochs = 6,
            AcceptIf = AcceptRule.Parse(""),
        };
        var first = Personalizer.Run(one);
        var two = one with { Data = ShapePictures.Draw(folder["two"], 120, 3), From = one.Store };
        Directory.Delete(Path.Combine(folder["two"], "bar"), recursive: true);
        var second = Personalizer.Run(two);
        Assert.Equal(first.Accuracy.After, second.Accuracy.Before);

        var seed = Assert.Throws<EdbException>(() => Personalizer.Run(two with { Session = two.Session with { Seed = 2 } }));
        Assert.Equal(3, seed.ExitCode);
        Assert.Contains("--seed 1", seed.Message, StringComparison.Ordinal);

        Directory.Move(Path.Combine(folder["two"], "disc"), Path.Combine(folder["two"], "circle"));
        var other = Assert.Throws<EdbException>(() => Personalizer.Run(two));
        Assert.Equal(3, other.ExitCode);
        Assert.Contains("circle", other.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LossKind.BinaryCrossEntropy)]
    [InlineData(LossKind.MeanSquaredError)]
    public void ANewHeadLearnsUnderOtherLossesToo(LossKind loss)
    {
        using var folder = new TemporaryFolder();
        var result = Personalizer.Run(new()
        {
            Model = Fashion.Model,
            Data = ShapePictures.Draw(folder["shapes"], 160, 1),
            Test = ShapePictures.Draw(folder["more"], 40, 2),
            NewHead = true,
            Store = folder["shapes.edb"],
            Rate = 1.6f,
            Epochs = 8,
            AcceptIf = AcceptRule.Parse(""),
            Session = new() { Loss = loss },
        });
        Assert.True(result.Loss.Last < 0.8 * result.Loss.First, $"loss {result.Loss.First} to {result.Loss.Last}");
        if (loss == LossKind.BinaryCrossEntropy) Assert.True(result.Accuracy.After > 0.75, $"accuracy {result.Accuracy.After}");
    }
}
