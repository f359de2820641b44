using System.Text;

namespace EdgeDropBack.Store;

/// <summary>What a store says about its training: everything that <c>--resume</c> and <c>--from</c> need beside the weights.</summary>
public sealed record StoreMeta
{
    internal const int TextBytes = 32, ScheduleBytes = 128, NoteBytes = 1024;

    /// <summary>SHA-256 of the model file, 64 lower-case hexadecimal digits.</summary>
    public required string ModelSha256
    {
        get;
        init => field = value.Length == 64 && value.All(char.IsAsciiHexDigitLower)
            ? value
            : throw new ArgumentException($"'{value}' is not a SHA-256 in lower-case hexadecimal.");
    }

    /// <summary>Seed of the run.</summary>
    public ulong Seed { get; init; }

    /// <summary>k: tracked weights allowed.</summary>
    public int Budget { get; init; }

    /// <summary>All trainable parameters.</summary>
    public long TrainableCount { get; init; }

    /// <summary>Samples a step.</summary>
    public int BatchSize { get; init; }

    /// <summary>dropback, dense, last-layer or bias.</summary>
    public string Mode { get; init => field = Checked(value, TextBytes); } = "dropback";

    /// <summary>exact, once or quantile.</summary>
    public string SelectMode { get; init => field = Checked(value, TextBytes); } = "exact";

    /// <summary>layer or global.</summary>
    public string ScoreMode { get; init => field = Checked(value, TextBytes); } = "global";

    /// <summary>sgd or adam.</summary>
    public string Optimizer { get; init => field = Checked(value, TextBytes); } = "sgd";

    /// <summary>ce, bce or mse.</summary>
    public string Loss { get; init => field = Checked(value, TextBytes); } = "ce";

    /// <summary>frozen or train.</summary>
    public string BatchNorm { get; init => field = Checked(value, TextBytes); } = "frozen";

    /// <summary>The schedule as the command line writes it.</summary>
    public string Schedule { get; init => field = Checked(value, ScheduleBytes); } = "constant";

    /// <summary>Classes of a replaced last layer, 0 when the model's own is kept.</summary>
    public int NewHeadClasses { get; init; }

    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>Steps of the whole run.</summary>
    public long TotalSteps { get; init; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; init; }

    /// <summary>Samples of the present epoch already used.</summary>
    public long Cursor { get; init; }

    /// <summary>The base learning rate as chosen.</summary>
    public float LearningRate { get; init; }

    /// <summary>How often a run that went wrong had its rate lowered.</summary>
    public int LearningRateReductions { get; init; }

    /// <summary>Factor on the loss.</summary>
    public float LossScale { get; init; } = 1;

    /// <summary>Momentum, 0 for none.</summary>
    public float Momentum { get; init; }

    /// <summary>Norm that gradients are clipped to, 0 for none.</summary>
    public float Clip { get; init; }

    /// <summary>Factor on the base a step, 1 for no decay.</summary>
    public double InitDecay { get; init => field = Factor(value); } = 1;

    /// <summary>The factor multiplied up to this step; 0 once the base is gone.</summary>
    public double InitDecayFactor { get; init => field = Factor(value); } = 1;

    /// <summary>Lowest score that was kept in the last select step.</summary>
    public float Threshold { get; init; }

    /// <summary>Step from which the tracked set was frozen, -1 while it is not.</summary>
    public long FreezeStep { get; init; } = -1;

    /// <summary>Best held-out loss so far.</summary>
    public double? BestLoss { get; init; }

    /// <summary>Held-out accuracy there, a fraction.</summary>
    public double? BestAccuracy { get; init; }

    /// <summary>The step it was reached at, -1 for none.</summary>
    public long BestStep { get; init; } = -1;

    /// <summary>Free pairs, in the order they were added.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Notes { get; private init; } = [];

    /// <summary>This with a note added, or replaced where it stands. All notes together take at most 1,024 bytes.</summary>
    public StoreMeta WithNote(string key, string value)
    {
        if (key.Length == 0 || key.Contains('='))
            throw new ArgumentException($"'{key}' cannot name a note.", nameof(key));
        var notes = Notes.ToList();
        int place = notes.FindIndex(note => note.Key == key);
        KeyValuePair<string, string> added = new(Checked(key, NoteBytes), Checked(value, NoteBytes));
        if (place < 0)
            notes.Add(added);
        else
            notes[place] = added;
        int bytes = notes.Sum(note => StoreMetaText.NotePrefix.Length + Encoding.UTF8.GetByteCount(note.Key + note.Value) + 2);
        return bytes <= NoteBytes
            ? this with { Notes = notes }
            : throw new ArgumentException($"Notes take {bytes} bytes, {NoteBytes} are allowed.", nameof(value));
    }

    /// <summary>The note with this key, or null.</summary>
    public string? Note(string key) => Notes.FirstOrDefault(note => note.Key == key).Value;

    static double Factor(double value) => value is >= 0 and <= 1 ? value : throw new ArgumentException($"{value} is no factor from 0 to 1.");

    static string Checked(string value, int bytes)
    {
        if (value.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0)
            throw new ArgumentException("Text in a store has no control characters.");
        return Encoding.UTF8.GetByteCount(value) <= bytes
            ? value
            : throw new ArgumentException($"'{value}' takes more than {bytes} bytes.");
    }
}
