using EdgeDropBack.Data;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>Ways to train that determinism and resuming must hold for.</summary>
static class Variants
{
    public static readonly string[] Names =
    [
        "exact layer", "exact global", "exact unclipped", "never frozen", "once", "last-layer", "bias", "dense", "momentum", "adam", "bn train",
        "patience", "no replay", "augmented", "weight decay",
    ];

    public static PersonalizeOptions Apply(PersonalizeOptions o, string variant) => variant switch
    {
        "exact layer" => o,
        "exact global" => o with { Score = ScoreMode.Global },
        "exact unclipped" => o with { Rate = 0.05f, Session = o.Session with { Clip = 0f } },
        "never frozen" => o with { Freeze = FreezePolicy.Parse("never") },
        "once" => o with { Select = SelectMode.Once },
        "last-layer" => o with { Session = o.Session with { Mode = TrainingMode.LastLayer } },
        "bias" => o with { Session = o.Session with { Mode = TrainingMode.Bias } },
        "dense" => o with { Session = o.Session with { Mode = TrainingMode.Dense } },
        "dense momentum" => o with { Session = o.Session with { Mode = TrainingMode.Dense, Momentum = 0.9f } },
        "dense adam" => o with { Rate = 0.001f, Session = o.Session with { Mode = TrainingMode.Dense, Optimizer = OptimizerKind.Adam } },
        "momentum" => o with { Rate = 0.1f, Session = o.Session with { Momentum = 0.9f } },
        "adam" => o with { Rate = 0.003f, Session = o.Session with { Optimizer = OptimizerKind.Adam } },
        "bn train" => o with { Session = o.Session with { TrainBatchNorm = true } },
        "patience" => o with { Replay = null, Steps = 40, Rate = 3f, Patience = 1 },
        "no replay" => o with { Replay = null },
        "augmented" => o with { Augment = Augmentation.Parse("shift:2,flip,rotate:20") },
        "weight decay" => o with { Session = o.Session with { WeightDecay = 0.1f } },
        "auto" => o with { Rate = null },
        _ => throw new ArgumentException(variant),
    };
}
