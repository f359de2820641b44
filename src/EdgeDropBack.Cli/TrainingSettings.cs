using System.CommandLine;
using System.Globalization;
using EdgeDropBack.Data;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli;

/// <summary>The training options of `personalize`, `train` and `compare`.</summary>
/// <param name="isComparison">Leave out what a comparison decides itself, or does not keep.</param>
/// <param name="isScratch">Training from a seed: other defaults, and no base to be near to.</param>
sealed class TrainingSettings(bool isComparison = false, bool isScratch = false)
{
    readonly Setting<string> _data = new("--data", "PATH", null,
        "The user's samples: .npz, .npy pair, IDX, CSV, a folder of images or WAV files by class", Values.Text);
    readonly Setting<string> _test = new("--test", "PATH", null,
        "What accuracy is measured on; without it 20% of --data is held out, stratified", Values.Text);
    readonly Setting<string> _retain = new("--retain", "PATH", null, "Where forgetting is measured", Values.Text);
    readonly Setting<string> _replay = new("--replay", "PATH", null, "Old samples mixed into training, against forgetting", Values.Text);
    readonly Setting<string> _labels = new("--labels", "FILE", null, "Class names in output order, one a line", Values.Text);
    readonly Option<bool> _newHead = new("--new-head") { Description = "A new last layer, from the seed, for the data's classes" };
    readonly PrefixSettings _prefix = new();
    readonly InputSettings _input = new();
    readonly Setting<LossKind> _loss = LossSetting();
    readonly Setting<Budget> _budget = new("--budget", "N|P%", "2%", "Tracked weights: a count, or a share of all trainable ones",
        Budget.Parse);
    readonly Setting<float?> _rate = new("--lr", "RATE", Defaults(isScratch).Rate, "Learning rate; auto tries three on held-out samples",
        text => text == "auto" ? null : Rate(text));
    readonly Setting<Schedule> _schedule = new("--schedule", "S", Defaults(isScratch).Schedule,
        "cosine, constant, step:F@N (N steps, or Ne epochs), warmup:N",
        Schedule.Parse);
    readonly Setting<float> _momentum = new("--momentum", "M", "0", "Momentum, kept for tracked weights only",
        Values.FloatBelowOne("--momentum"));
    readonly Setting<OptimizerKind> _optimizer = new("--optimizer", "sgd|adam", "sgd", "Its state is kept for tracked weights only",
        Values.OneOf("--optimizer", ("sgd", OptimizerKind.Sgd), ("adam", OptimizerKind.Adam)));
    readonly Setting<float> _weightDecay = new("--weight-decay", "D", "0", "Pull of tracked weights towards their initial values",
        Values.Float("--weight-decay", 0));
    readonly Setting<float> _clip = new("--clip", "NORM|none", Defaults(isScratch).Clip, "Limit of the gradient's norm",
        text => text == "none" ? 0 : Values.Float("--clip", 0)(text));
    readonly Setting<int> _epochs = new("--epochs", "N", Defaults(isScratch).Epochs, "Passes over the samples", Values.Int("--epochs", 1));
    readonly Setting<int?> _steps = new("--steps", "N", null, "Steps instead of epochs", text => Values.Int("--steps", 1)(text));
    readonly Setting<Augmentation> _augment = new("--augment", "A", "off",
        "Random changes to training images: shift:PIXELS, flip, rotate:DEGREES, joined by commas", Augmentation.Parse);
    readonly Setting<int> _batch = new("--batch", "N", Defaults(isScratch).Batch, "Samples a step", Values.Int("--batch", 1));
    readonly Setting<int> _microBatch = MicroBatchSetting();
    readonly Setting<int?> _patience = new("--patience", "N|off", "off", "Epochs without a better held-out loss until training ends",
        Values.IntOr("--patience", 1, "off"));
    readonly Setting<bool?> _distill = new("--distill", "on|off|auto", "auto",
        "What the model answered on --replay before this run joins the loss; auto: where there is --replay",
        Values.OneOf<bool?>("--distill", ("on", true), ("off", false), ("auto", null)));
    readonly Setting<FreezePolicy> _freeze = new("--freeze-after", "F", Defaults(isScratch).Freeze,
        "When the tracked set is fixed: N steps, Ne epochs, auto (churn settles), never", FreezePolicy.Parse);
    readonly Setting<ScoreMode> _score = new("--score", "layer|global", Defaults(isScratch).Score,
        "Rank |change| by the tensor's own scale, or by one scale for all",
        Values.OneOf("--score", ("layer", ScoreMode.Layer), ("global", ScoreMode.Global)));
    readonly Setting<SelectMode> _select = new("--select", isScratch ? "exact|quantile|once" : "exact|once", "exact",
        isScratch ? "Choose tracked weights in every step, by a running quantile of the scores, or once from one gradient"
            : "Choose tracked weights in every step, or once from one gradient", isScratch ? Selection : SelectionOfPersonalize);
    readonly Setting<double> _initDecay = new("--init-decay", "F", "1", "Factor a step on weights that are not tracked, until they are zero; 1: none",
        InitDecay)
    {
        Hidden = !isScratch,
    };
    readonly Setting<TrainingMode> _mode = new("--mode", "MODE", "dropback", "dropback; baselines: dense, last-layer, bias",
        Values.OneOf("--mode", [.. Modes.Select(m => (m.Name, m.Mode))]));
    readonly Setting<bool> _bn = new("--bn", "frozen|train", Defaults(isScratch).BatchNorm, "Batch-norm statistics",
        Values.OneOf("--bn", ("frozen", false), ("train", true)));
    readonly Setting<uint?> _seed = new("--seed", "N", isScratch ? null : "1", isScratch
        ? "Of weights, order and dropout; default: the model's own"
        : "Same seed, data and options: the same store, bit for bit", text => Values.UInt("--seed")(text));
    readonly Setting<int> _threads = new("--threads", "N", null, "Default: the performance cores; results do not depend on it",
        Values.Threads);
    readonly Setting<string> _profile = new("--profile", "P", "raspberry-pi-4b",
        "Device whose traffic and energy are reported: a name or a file", Values.Text);
    readonly Setting<long?> _memory = MemorySetting();
    readonly Setting<string> _store = new("--store", "FILE", null, "Where the result goes; default: MODEL.edb in the current folder",
        Values.Text);
    readonly Setting<string> _from = new("--from", "STORE", null, "Go on learning from a store", Values.Text);
    readonly Option<bool> _resume = new("--resume") { Description = "Finish an interrupted run; starts afresh where there is none" };
    readonly Setting<(int? Steps, TimeSpan? Time)> _checkpoint = new("--checkpoint-every", "N", "50",
        "Steps between checkpoints, or time such as 30s", Interval);
    readonly Setting<double?> _maxTemperature = new("--max-temp", "C", null,
        "Wait between steps while the board is hotter, in degrees Celsius", text => Values.Float("--max-temp", 0)(text));
    readonly Setting<double> _duty = new("--duty", "SHARE", "100%", "Share of the time that steps may take, such as 50%", Values.Share("--duty"));
    readonly Setting<TimeSpan?> _deadline = new("--deadline", "TIME", null,
        "Time until the result is there, such as 10m: sets the number of steps", Values.Time("--deadline"));
    readonly Setting<AcceptRule> _accept = new("--accept-if", "RULE", Defaults(isScratch).Accept,
        "What changes of accuracy must hold to keep the result, such as \"user>=+0.02 retain>=-0.05\"; off keeps all",
        text => AcceptRule.Parse(text == "off" ? "" : text));
    readonly Setting<string> _report = new("--report", "FILE", null, "Save the traffic report", Values.Text);

    readonly Setting<string> _picture = new("--picture", "FILE", null, "Draw samples, answers before and after, and bytes a step (SVG)",
        Values.Text);

    /// <summary>Training modes by the names that users give them.</summary>
    public static IReadOnlyList<(string Name, TrainingMode Mode)> Modes { get; } =
        [("dropback", TrainingMode.DropBack), ("dense", TrainingMode.Dense),
            ("last-layer", TrainingMode.LastLayer), ("bias", TrainingMode.Bias)];

    public IEnumerable<Option> All => isComparison ? Every.Except([_select, _microBatch, _score, _mode, _store, _resume, _accept, _report, _picture,
        _checkpoint, _deadline, _initDecay, _weightDecay]) : isScratch ? Every.Except([_newHead]) : Every.Except([_weightDecay]);

    /// <summary>
    /// What a comparison of the same training takes: without --memory-limit, which may leave no room for a dense training, and --from, since a
    /// store goes on in its own mode only.
    /// </summary>
    public static IEnumerable<Option> Compared => new TrainingSettings(isComparison: true).All.Where(option => option.Name is not ("--memory-limit" or "--from"));

    IEnumerable<Option> Every =>
    [
        _data, _test, _retain, _replay, _labels, _newHead, .. _prefix.All, .. _input.All, _loss, _budget, _rate, _schedule, _momentum, _optimizer,
            _weightDecay, _clip,
            _epochs, _steps,
        _batch, _microBatch, _augment, _patience, _distill, _freeze, _score, _select, _initDecay, _mode, _bn, _seed, _threads, _profile, _memory, _store, _from,
            _resume,
        _checkpoint, _maxTemperature, _duty, _deadline, _accept, _report, _picture,
    ];

    /// <summary>What a session takes that a program steps by itself.</summary>
    public IEnumerable<Option> OfSession => [_batch, _microBatch, _budget, _mode, _loss, _optimizer, _momentum, _clip, _bn, _seed, _threads, _input.Dims];

    /// <summary>The options that <see cref="OfSession"/> lists, as a program that has no data of ours gives them.</summary>
    public SessionOptions ReadOwnLoop(ParseResult parse) => ReadSession(parse) with { Dims = _input.Read(parse).Dims ?? new Dictionary<string, int>() };

    public static Setting<LossKind> LossSetting() => new("--loss", "ce|bce|mse", "ce",
        "ce: softmax cross-entropy; bce: sigmoid cross-entropy, where accuracy is the share of samples whose highest output is their label, "
            + "of exact matches where samples have several labels, and of right yes or no (sigmoid above 0.5) for one output; mse: mean squared error",
        Values.OneOf("--loss", ("ce", LossKind.CrossEntropy), ("bce", LossKind.BinaryCrossEntropy), ("mse", LossKind.MeanSquaredError)));

    public static Setting<BaseOverride> BaseSetting() => new("--base", "mapped|regenerated|zero", null,
        "What untracked weights are; default: as the model has them",
        Values.OneOf("--base", ("mapped", BaseOverride.Mapped), ("regenerated", BaseOverride.Regenerated), ("zero", BaseOverride.Zero)));

    public static Setting<int> MicroBatchSetting() => new("--micro-batch", "N", null, "Samples in memory at once, where tracked weights are frozen "
        + "from the start; default: the batch, or what --memory-limit leaves room for", Values.Int("--micro-batch", 1));

    public static Setting<long?> MemorySetting() => new("--memory-limit", "SIZE", null,
        "Planned peak memory, such as 64MB, kept by computing activations again", Values.Bytes("--memory-limit"));

    /// <param name="model">Null personalizes the shipped model on the shipped user's data.</param>
    public PersonalizeOptions Read(ParseResult parse, string? model)
    {
        if (_initDecay.IsGiven(parse) && !isScratch)
            throw EdbException.Usage("--init-decay takes the base away, which personalize goes on from; leave it out");
        var example = model is null ? ShippedExample.Find() : null;
        var newHead = !isScratch && parse.GetValue(_newHead);
        var old = newHead && _data.IsGiven(parse) ? null : example;
        return new()
        {
            Model = model ?? example!.Model,
            Data = _data.In(parse) ?? example?.Data
                ?? throw EdbException.Usage("--data is missing; give the user's samples, such as --data samples.npz"),
            Test = _test.In(parse) ?? (_data.IsGiven(parse) ? null : example?.Test),
            Retain = _retain.In(parse) ?? old?.Retain,
            Replay = _replay.In(parse) ?? old?.Replay,
            Labels = _labels.In(parse) ?? old?.Labels,
            NewHead = newHead,
            Preprocessing = _input.Read(parse),
            Session = ReadSession(parse),
            Rate = _rate.In(parse),
            Schedule = _schedule.In(parse)!,
            Epochs = _epochs.In(parse),
            Steps = Steps(parse),
            Augment = _augment.In(parse)!,
            Patience = _patience.In(parse),
            Distill = _distill.In(parse),
            Freeze = _freeze.In(parse)!,
            Score = _score.In(parse),
            Select = _select.In(parse),
            Profile = _profile.In(parse)!,
            MemoryLimit = _memory.In(parse),
            Cache = _prefix.Cache(parse),
            CacheLimit = _prefix.CacheLimit(parse),
            Store = _store.In(parse) ?? example?.Store,
            From = _from.In(parse),
            Resume = parse.GetValue(_resume),
            CheckpointEvery = _checkpoint.In(parse).Steps ?? int.MaxValue,
            CheckpointInterval = _checkpoint.In(parse).Time,
            Limits = new() { MaxTemperature = _maxTemperature.In(parse), Duty = _duty.In(parse), Deadline = _deadline.In(parse) },
            AcceptIf = _accept.In(parse)!,
            Report = _report.In(parse),
            Picture = _picture.In(parse),
        };
    }

    SessionOptions ReadSession(ParseResult parse) => new()
    {
        Batch = _batch.In(parse),
        TrainFrom = _prefix.TrainFrom(parse),
        MicroBatch = _microBatch.In(parse),
        Budget = _budget.In(parse),
        Mode = _mode.In(parse),
        Loss = _loss.In(parse),
        Optimizer = _optimizer.In(parse),
        Momentum = _momentum.In(parse),
        WeightDecay = isScratch ? _weightDecay.In(parse) : 0f,
        InitDecay = _initDecay.In(parse),
        Clip = _clip.In(parse),
        TrainBatchNorm = _bn.In(parse),
        Seed = _seed.In(parse) ?? 1,
        BaseSeed = isScratch ? _seed.In(parse) : null,
        Threads = _threads.In(parse),
    };

    static TrainingDefaults Defaults(bool isScratch) => isScratch ? TrainingDefaults.Train : TrainingDefaults.Personalize;

    int? Steps(ParseResult parse) => _steps.IsGiven(parse) && _epochs.IsGiven(parse)
        ? throw EdbException.Usage("--epochs and --steps both say how long to train; give one of them")
        : _steps.In(parse);

    static float Rate(string text) => Values.Float("--lr", 0)(text) is > 0 and var rate
        ? rate
        : throw EdbException.Usage($"--lr '{text}' is neither auto nor a number above 0");

    static SelectMode Selection(string text) =>
        Values.OneOf("--select", ("exact", SelectMode.Exact), ("quantile", SelectMode.Quantile), ("once", SelectMode.Once))(text);

    static SelectMode SelectionOfPersonalize(string text) => Selection(text) is SelectMode.Quantile
        ? throw EdbException.Usage("--select quantile is not for personalize; use exact or once")
        : Selection(text);

    static double InitDecay(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && factor is > 0 and <= 1
            ? factor
            : throw EdbException.Usage($"--init-decay '{text}' is no factor above 0 and up to 1, such as 0.99");

    static (int? Steps, TimeSpan? Time) Interval(string text) => text.Length > 0 && char.IsAsciiLetter(text[^1])
        ? (null, Values.Time("--checkpoint-every")(text))
        : (Values.Int("--checkpoint-every", 1)(text), null);
}
