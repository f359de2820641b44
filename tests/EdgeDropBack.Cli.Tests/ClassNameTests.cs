using System.Globalization;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Tests;

/// <summary>Names of classes that do not match: where the expected ones come from, and what to do.</summary>
public sealed class ClassNameTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t-shrit", "(did you mean 't-shirt'?)")]
    [InlineData("Dress", "(did you mean 'dress'?)")]
    [InlineData("coats", "(did you mean 'coat'?)")]
    [InlineData("banana", null)]
    public void AMistypedClassIsNamedWithTheOneThatWasMeant(string name, string? meant)
    {
        File.WriteAllLines(_folder["labels.txt"], ["t-shirt", "dress", "coat"]);
        var run = Edb.Run("personalize", _folder.Model(), "--data", Csv("d.csv", "coat", name, "dress"), "--labels", _folder["labels.txt"], "--store", _folder["s.edb"]);
        Assert.Equal(3, run.Code);
        Assert.Contains($"'{name}' are not among the 3 labels", run.ErrorLine);
        if (meant is null) Assert.DoesNotContain("did you mean", run.ErrorLine);
        else Assert.Contains(meant, run.ErrorLine);
    }

    [Fact]
    public void NumbersAreNoTypingErrorsOfEachOther()
    {
        File.WriteAllLines(_folder["labels.txt"], ["class1", "class2", "class3"]);
        var run = Edb.Run("personalize", _folder.Model(), "--data", Csv("d.csv", "class1", "class12", "class2"), "--labels", _folder["labels.txt"], "--store", _folder["s.edb"]);
        Assert.Equal(3, run.Code);
        Assert.DoesNotContain("did you mean", run.ErrorLine);
    }

    [Fact]
    public void LabelsAreToBeLeftOutOnlyWhereTheyWereGiven()
    {
        var (model, data) = (_folder.Model(), Csv("d.csv", "one", "two", "three"));
        File.WriteAllLines(_folder["labels.txt"], ["one", "two", "four"]);
        var given = Edb.Run("personalize", model, "--data", data, "--labels", _folder["labels.txt"], "--new-head", "--store", _folder["s.edb"]);
        Assert.Equal(3, given.Code);
        Assert.Contains("leave out --labels so that the labels define the classes", given.ErrorLine);
        Assert.Equal(0, Train(model, data, "--new-head").Code);

        var stored = Edb.Run("eval", model, "--store", _folder["s.edb"], "--data", Csv("e.csv", "one", "tow", "three"));
        Assert.Equal(3, stored.Code);
        Assert.Contains("not among the 3 classes of the store", stored.ErrorLine);
        Assert.Contains("(did you mean 'two'?); rename the labels to match them, or leave those samples out", stored.ErrorLine);
        var onwards = Train(model, _folder["e.csv"], "--new-head", "--from", _folder["s.edb"]);
        Assert.Equal(3, onwards.Code);
        Assert.Contains("not among the 3 classes of the store that --from names", onwards.ErrorLine);
        var test = Train(model, data, "--new-head", "--test", _folder["e.csv"]);
        Assert.Equal(3, test.Code);
        Assert.Contains("not among the 3 classes of the training data", test.ErrorLine);
        Assert.All([stored, onwards, test], run => Assert.DoesNotContain("--labels", run.ErrorLine));
    }

    [Theory]
    [InlineData("dense", "--mode dense has none; leave --micro-batch out")]
    [InlineData("last-layer", "give --bn frozen, or leave --micro-batch out")]
    public void AMicroBatchThatDoesNotFitIsToBeLeftOut(string mode, string message)
    {
        var options = new SessionOptions
        {
            Batch = 4,
            MicroBatch = 2,
            Mode = mode == "dense" ? TrainingMode.Dense : TrainingMode.LastLayer,
            TrainBatchNorm = true,
        };
        Assert.Contains(message, Assert.Throws<EdbException>(() => TrainingSession.Open(_folder.Model(), options)).Message);
    }

    [Theory]
    [InlineData("last-layer", "frozen", true)]
    [InlineData("last-layer", "train", false)]
    [InlineData("dropback", "frozen", false)]
    public void AMemoryLimitOffersMicroBatchesOnlyWhereTheyAreTaken(string mode, string bn, bool isHalved)
    {
        var run = Edb.Run("personalize", _folder.Model(), "--data", _folder.Data(), "--mode", mode, "--bn", bn, "--batch", "8", "--memory-limit", "1KB", "--store", _folder["s.edb"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("--memory-limit is ", run.ErrorLine);
        Assert.DoesNotContain("--micro-batch", run.ErrorLine);
        Assert.DoesNotContain("--bn", run.ErrorLine);
        Assert.True(isHalved || run.ErrorLine.Contains("a smaller --batch than 8", StringComparison.Ordinal));
    }

    EdbRun Train(string model, string data, params string[] options) => Edb.Run(["personalize", model, "--data", data, .. options, "--lr", "0.1", "--steps", "2",
        "--batch", "4", "--accept-if", "off", "--store", _folder["s.edb"]]);

    /// <summary>Twelve samples, whose classes take turns.</summary>
    string Csv(string file, params string[] classes)
    {
        var numbers = TemporaryFolder.Numbers(7, 12 * TemporaryFolder.Features, 1);
        File.WriteAllLines(_folder[file], ["a,b,c,d,e,f,label", .. Enumerable.Range(0, 12).Select(i => string.Join(',',
            [.. numbers[(i * 6)..(i * 6 + 6)].Select(n => n.ToString(CultureInfo.InvariantCulture)), classes[i % classes.Length]]))]);
        return _folder[file];
    }
}
