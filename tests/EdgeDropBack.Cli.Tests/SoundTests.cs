using EdgeDropBack.Data;

namespace EdgeDropBack.Cli.Tests;

public sealed class SoundTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ThreeHundredRecordingsPersonalizeADepthwiseSeparableNetwork()
    {
        var (model, sounds) = (SoundFolder.Model(_folder), SoundFolder.Sounds(_folder));
        var cut = _folder[Path.Combine("sounds", "high", "001.wav")];
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..40]);
        File.WriteAllLines(_folder["labels.txt"], SoundFolder.Classes);
        var run = Edb.Run("personalize", model, "--data", sounds, "--labels", _folder["labels.txt"], "--store", _folder["dscnn.edb"], "--budget", "60%", "--epochs", "12",
            "--lr", "0.2", "--mean", "-5", "--std", "4", "--json");
        Assert.Equal(0, run.Code);
        Assert.InRange(run.Json.GetProperty("accuracy").GetProperty("after").GetDouble(), 0.8, 1);
        var skipped = Assert.Single(run.Json.GetProperty("skipped").EnumerateArray()).GetString();
        Assert.Contains("001.wav", skipped);
        Assert.Contains("cut short", skipped);
        Assert.Contains("1 of 300 recordings", run.Error);
        Assert.Contains("log-mel features: 49 frames of 10 bands", run.Error);
        Assert.Equal((16_000, 480, 320), Sidecar.Read(_folder["dscnn.edb.json"]).Preprocessing.Audio is { } audio ? (audio.Rate, audio.Window, audio.Hop) : default);
        var eval = Edb.Run("eval", model, "--store", _folder["dscnn.edb"], "--data", sounds, "--json");
        Assert.Equal(0, eval.Code);
        Assert.InRange(eval.Json.GetProperty("accuracy").GetDouble(), 0.8, 1);
        Assert.Equal(skipped, Assert.Single(eval.Json.GetProperty("skipped").EnumerateArray()).GetString());
        Assert.Equal(run.Json.GetProperty("notes").GetRawText(), eval.Json.GetProperty("notes").GetRawText());
        Assert.Contains($"skipped {skipped}", eval.Error);
    }

    [Fact]
    public void SettingsAreKeptBesideTheStore()
    {
        var (model, sounds) = (SoundFolder.Model(_folder), SoundFolder.Sounds(_folder, 12));
        File.WriteAllLines(_folder["labels.txt"], SoundFolder.Classes);
        var run = Edb.Run("personalize", model, "--data", sounds, "--labels", _folder["labels.txt"], "--store", _folder["dscnn.edb"], "--steps", "2", "--lr", "0.1", "--accept-if", "off",
            "--audio", "rate=8000,window=25,hop=10,high=3600", "--json");
        Assert.Equal(0, run.Code);
        var audio = Sidecar.Read(_folder["dscnn.edb.json"]).Preprocessing.Audio!;
        Assert.Equal((8000, 200, 80, 3600.0), (audio.Rate, audio.Window, audio.Hop, audio.High));
        Assert.Equal(0, Edb.Run("eval", model, "--store", _folder["dscnn.edb"], "--data", sounds).Code);
    }

    [Fact]
    public void ImagesForAModelThatLearnedFromSoundAreRefusedByName()
    {
        var (model, sounds) = (SoundFolder.Model(_folder), SoundFolder.Sounds(_folder, 12));
        File.WriteAllLines(_folder["labels.txt"], SoundFolder.Classes);
        Assert.Equal(0, Edb.Run("personalize", model, "--data", sounds, "--labels", _folder["labels.txt"], "--store", _folder["s.edb"], "--steps", "1", "--lr", "0.1", "--accept-if", "off").Code);
        Directory.CreateDirectory(_folder[Path.Combine("photos", "low")]);
        File.WriteAllBytes(_folder[Path.Combine("photos", "low", "a.png")], PngImage.Encode(new byte[4], 2, 2, 1));
        var refused = Edb.Run("eval", model, "--store", _folder["s.edb"], "--data", _folder["photos"]);
        Assert.Equal(3, refused.Code);
        Assert.Contains("a folder of images, but the model takes recordings", refused.ErrorLine);
    }

    [Fact]
    public void AModelThatTakesNoSoundIsARefusalThatSaysWhatItTakes()
    {
        var refused = Edb.Run("personalize", _folder.Model(), "--data", SoundFolder.Sounds(_folder, 8), "--store", _folder["s.edb"]);
        Assert.Equal(3, refused.Code);
        Assert.Contains("[frames, bands]", refused.ErrorLine);
    }
}
