using EdgeDropBack.Data;
namespace EdgeDropBack.Training;

/// <summary>The same data through several modes, each at its own best rate: `edb compare`.</summary>
public static class Comparison
{
    /// <summary>What `edb compare` runs when nothing else is asked for.</summary>
    public static IReadOnlyList<string> DefaultModes { get; } = ["dropback", "once", "global", "last-layer", "bias", "dense"];

    /// <summary>Runs each mode and keeps none of the stores.</summary>
    /// <param name="modes">dropback (layer score), once, global, last-layer, bias, dense.</param>
    /// <param name="folder">Where a folder for the stores may lie meanwhile; null for the system's own place. Nothing stays of it.</param>
    public static IReadOnlyList<PersonalizeResult> Run(PersonalizeOptions options, IReadOnlyList<string> modes, string? folder = null)
    {
        foreach (var mode in modes) With(options, mode);
        options = options.WithLabelsRead();
        var stores = folder is null
            ? Directory.CreateTempSubdirectory("edb-compare-").FullName
            : Directory.CreateDirectory(Path.Combine(folder, $"edb-compare-{Environment.ProcessId}")).FullName;
        try
        {
            return [.. modes.Select(mode => Personalizer.Run(With(options, mode) with
            {
                Store = Path.Combine(stores, mode + ".edb"),
                Resume = false,
                AcceptIf = AcceptRule.Parse(""),
            }))];
        }
        finally
        {
            Directory.Delete(stores, recursive: true);
        }
    }

    static PersonalizeOptions With(PersonalizeOptions options, string mode) => mode switch
    {
        "dropback" => options with { Session = options.Session with { Mode = TrainingMode.DropBack } },
        "once" => options with { Session = options.Session with { Mode = TrainingMode.DropBack }, Select = SelectMode.Once },
        "global" => options with { Session = options.Session with { Mode = TrainingMode.DropBack }, Score = ScoreMode.Global },
        "last-layer" => options with { Session = options.Session with { Mode = TrainingMode.LastLayer }, Select = SelectMode.Exact },
        "bias" => options with { Session = options.Session with { Mode = TrainingMode.Bias }, Select = SelectMode.Exact },
        "dense" => options with { Session = options.Session with { Mode = TrainingMode.Dense }, Select = SelectMode.Exact },
        _ => throw EdbException.Usage($"--modes: '{Printable.Name(mode)}' is none of {string.Join(", ", DefaultModes)}{NearestNames.DidYouMean(mode, DefaultModes)}"),
    };
}
