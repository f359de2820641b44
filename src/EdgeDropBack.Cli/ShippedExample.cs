namespace EdgeDropBack.Cli;

/// <summary>The model and the user that come with the program: beside the executable, then under ./models.</summary>
sealed record ShippedExample(string Folder)
{
    const string Name = "fashion";

    public string Model => Path.Combine(Folder, "model.onnx");

    public string Data => Path.Combine(Folder, "user-train.npz");

    public string Test => Path.Combine(Folder, "user-test.npz");

    public string Retain => Path.Combine(Folder, "retain-test.npz");

    public string Replay => Path.Combine(Folder, "replay.npz");

    public string Labels => Path.Combine(Folder, "labels.txt");

    /// <summary>In the current folder.</summary>
    public string Store => Name + ".edb";

    public static ShippedExample Find() => Find([AppContext.BaseDirectory, ""]);

    /// <exception cref="EdbException">Exit code 2: the example is in none of the folders.</exception>
    internal static ShippedExample Find(IReadOnlyList<string> folders)
    {
        foreach (var folder in folders)
        {
            var example = new ShippedExample(Path.Combine(folder, "models", Name));
            if (File.Exists(example.Model)) return example;
        }
        throw EdbException.Usage($"no MODEL given, and the example models/{Name} is neither beside the executable nor "
            + "in the current folder; give a MODEL and --data");
    }
}
