namespace EdgeDropBack.Cli.Tests;

/// <summary>Typing errors: one line, exit code 2, and what was probably meant.</summary>
public sealed class DidYouMeanTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
