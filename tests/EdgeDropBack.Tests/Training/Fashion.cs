using EdgeDropBack.Data;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>The shipped example, in full and cut down, and options that keep a run short.</summary>
static class Fashion
{
    public const int Pixels = 28 * 28;

    public static string Model => Shipped("model.onnx");

    public static string Shipped(string name) => Path.Combine(Repository.Root, "models", "fashion", name);

    public static (byte[] X, long[] Y) Read(string name)
    {
        var arrays = NpzFile.Read(Shipped(name));
        return (arrays["x"].Bytes, arrays["y"].ReadInt64s("y"));
    }

    public static string Write(string path, byte[] x, long[] y)
    {
        NpzWriter.Write(path, [("x", NpyArray.From(x, y.Length, 1, 28, 28)), ("y", NpyArray.From(y, y.Length))]);
        return path;
    }

    /// <summary>Every stride-th sample from the first on, its pixels passed through a map.</summary>
    public static string Part(string path, string name, int first, int stride, int count = int.MaxValue, Func<byte, byte>? map = null)
    {
        var (x, y) = Read(name);
        var rows = Enumerable.Range(0, y.Length).Where(i => i >= first && (i - first) % stride == 0).Take(count).ToArray();
        return Write(path, [.. rows.SelectMany(i => x[(i * Pixels)..((i + 1) * Pixels)]).Select(map ?? (b => b))], [.. rows.Select(i => y[i])]);
    }

    /// <summary>A hundred samples, forty to test on, twenty replayed; a dozen steps, frozen half way.</summary>
    public static PersonalizeOptions Small(TemporaryFolder folder) => new()
    {
        Model = Model,
        Data = Part(folder["data.npz"], "user-train.npz", 0, 5),
        Test = Part(folder["test.npz"], "user-test.npz", 0, 25),
        Replay = Part(folder["replay.npz"], "replay.npz", 0, 10),
        Store = folder["user.edb"],
        Steps = 12,
        Rate = 0.4f,
        Freeze = FreezePolicy.Parse("7"),
        CheckpointEvery = 3,
        AcceptIf = AcceptRule.Parse(""),
        Session = new() { Batch = 8, Threads = 1, Seed = 1 },
    };

    /// <summary>Inputs of a batch of the user's training samples, as the model takes them.</summary>
    public static (float[] X, int[] Labels) Batch(int size, int first = 0)
    {
        var (x, y) = Read("user-train.npz");
        return ([.. x.AsSpan(first * Pixels, size * Pixels).ToArray().Select(b => b / 255f)], [.. y.AsSpan(first, size).ToArray().Select(l => (int)l)]);
    }
}
