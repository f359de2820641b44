namespace EdgeDropBack.Cli;

/// <summary>The defaults that differ between fine-tuning and training from scratch, as a user would write them.</summary>
sealed record TrainingDefaults(string Rate, string Schedule, string Clip, string Epochs, string Batch, string Freeze, string Score,
    string BatchNorm, string Accept)
{
    public static TrainingDefaults Personalize { get; } = new("auto", "cosine", "1", "20", "32", "auto", "layer", "frozen", "user>=0");

    /// <summary>After the authors' code for MNIST (Golub 2018), with the tracked set fixed after five epochs.</summary>
    public static TrainingDefaults Train { get; } = new("0.4", "step:0.5@25e", "none", "30", "100", "5e", "global", "train", "off");
}
