using EdgeDropBack.Data;

namespace EdgeDropBack.Cli.Tests;

/// <summary>Typing errors: one line, exit code 2, and what was probably meant.</summary>
public sealed class DidYouMeanTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>What newcomers mix up: the message names the thing and the way out.</summary>
    [Theory]
    [InlineData(2, "personalize m.onnx d.npz", "samples are given with --data")]
    [InlineData(2, "personalize m.onnx --data", "--data needs a value")]
    [InlineData(2, "personalize m.onnx --data d.npz --lr 0,1", "--lr '0,1' is no number of 0 or more; write 0.1 with a point")]
    [InlineData(2, "personalize m.onnx --data d.npz --momentum 2", "--momentum '2' is no number of 0 or more and below 1")]
    [InlineData(2, "plan m.onnx --momentum 1", "below 1")]
    [InlineData(2, "personalize m.onnx --data d.npz --budget 150%", "--budget '150%'")]
    [InlineData(2, "personalize m.onnx --data d.npz --steps 2 --epochs 2", "--epochs and --steps")]
    [InlineData(2, "compare m.onnx --data d.npz --modes dens", "--modes: 'dens' is none of dropback, once, global, last-layer, bias, dense (did you mean 'dense'?)")]
    [InlineData(2, "plan m.onnx --profile zzzzzzzzzzz", "unknown profile 'zzzzzzzzzzz'; known profiles")]
    [InlineData(3, "inspect d.npz", "an .npz goes to --data or --input")]
    [InlineData(3, "inspect t.txt", "it is text: name the .onnx file")]
    [InlineData(3, "inspect s.edb", "it is a store: it goes to --store or --from")]
    [InlineData(3, "inspect p.png", "it is an image or a recording: such samples go to --data")]
    [InlineData(3, "inspect folder", "is a folder; name the model file in it")]
    [InlineData(3, "personalize m.onnx --data folder", "folder")]
    [InlineData(3, "personalize m.onnx --data photos", "takes no images; give arrays of that shape")]
    [InlineData(3, "personalize m.onnx --data d.npz --from no.edb", "there is no store")]
    [InlineData(3, "eval m.onnx --data d.npz --store d.npz", "is not a store")]
    [InlineData(3, "run m.onnx --input wide.npz -o y.npz", "but the samples are [17]; use data made for this model")]
    public void ATypicalMistakeIsNamedWithTheWayOut(int code, string words, string message)
    {
        var model = _folder.Model();
        float[] x = TemporaryFolder.Numbers(5, 6 * TemporaryFolder.Features, 1);
        NpzWriter.Write(_folder["d.npz"], [("x", NpyArray.From(x, 6, TemporaryFolder.Features)), ("y", NpyArray.From([0L, 1, 2, 0, 1, 2], 6))]);
        NpzWriter.Write(_folder["wide.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(5, 34, 1), 2, 17))]);
        File.WriteAllText(_folder["t.txt"], "hello\n");
        File.WriteAllBytes(_folder["s.edb"], [0x89, .. "EDB\r\n"u8, 0x1A, 0x0A, 0, 0]);
        File.WriteAllBytes(_folder["p.png"], [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13]);
        Directory.CreateDirectory(_folder["folder"]);
        foreach (var name in new[] { "a", "b" })
        {
            Directory.CreateDirectory(Path.Combine(_folder["photos"], name));
            File.Copy(_folder["p.png"], Path.Combine(_folder["photos"], name, "p.png"));
        }
        string[] files = ["d.npz", "wide.npz", "t.txt", "s.edb", "p.png", "folder", "photos", "no.edb", "y.npz"];
        var run = Edb.Run([.. words.Split(' ').Select(word => word == "m.onnx" ? model : files.Contains(word) ? _folder[word] : word)]);
        Assert.Equal((code, true), (run.Code, run.ErrorLine.Contains(message, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("insepct", "there is no verb 'insepct' (did you mean 'inspect'?)")]
    [InlineData("evla", "there is no verb 'evla' (did you mean 'eval'?)")]
    [InlineData("Personalize", "there is no verb 'Personalize' (did you mean 'personalize'?)")]
    [InlineData("zzzzzz", "there is no verb 'zzzzzz'; see")]
    [InlineData("inspect m.onnx --grahp", "there is no option '--grahp' (did you mean '--graph'?)")]
    [InlineData("inspect m.onnx m.onnx", "'m.onnx' is an argument more than 'inspect' takes")]
    [InlineData("personalize m.onnx --data d.npz --bugdet=5", "there is no option '--bugdet' (did you mean '--budget'?)")]
    [InlineData("personalize m.onnx --epoch 5", "there is no option '--epoch' (did you mean '--epochs'?)")]
    [InlineData("personalize --data d.npz --qqqqqqqqq", "there is no option '--qqqqqqqqq'; see")]
    [InlineData("store lst", "there is no store 'lst' (did you mean 'list'?); see 'edb store --help'")]
    [InlineData("store verfy", "(did you mean 'verify'?)")]
    [InlineData("store lst m.onnx", "'store' does not do 'lst' (did you mean 'list'?)")]
    [InlineData("store rolback m.onnx", "'store' does not do 'rolback' (did you mean 'rollback'?)")]
    [InlineData("device statsu", "'device' does not do 'statsu' (did you mean 'status'?)")]
    [InlineData("plan m.onnx --optimizer adma", "--optimizer 'adma' is none of sgd, adam (did you mean 'adam'?)")]
    [InlineData("plan m.onnx --profile raspbery-pi-4b", "did you mean 'raspberry-pi-4b'?")]
    [InlineData("new vgg-x -o new.onnx", "there is no architecture 'vgg-x' (did you mean 'vgg-s'?)")]
    public void ATypingErrorIsAnsweredWithWhatWasMeant(string words, string message)
    {
        var model = _folder.Model();
        var run = Edb.Run([.. words.Split(' ').Select(word => word == "m.onnx" ? model : word)]);
        Assert.Equal(2, run.Code);
        Assert.Contains(message.Replace("m.onnx", model, StringComparison.Ordinal), run.ErrorLine);
    }
}
