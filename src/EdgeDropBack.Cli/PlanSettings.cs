using System.CommandLine;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli;

/// <summary>The options of `plan`: those of training that decide what a step takes.</summary>
sealed class PlanSettings
{
    readonly Setting<string> _profile = new("--profile", "P", "raspberry-pi-4b", "Device: a name or a file", Values.Text);
    readonly Setting<Budget> _budget = new("--budget", "N|P%", "2%", "Tracked weights: a count, or a share of all trainable ones",
        Budget.Parse);
    readonly Setting<BaseOverride> _base = TrainingSettings.BaseSetting();
    readonly Setting<int> _batch = new("--batch", "N", "32", "Samples a step", Values.Int("--batch", 1));
    readonly Setting<OptimizerKind> _optimizer = new("--optimizer", "sgd|adam", "sgd", "Its state is kept for tracked weights only",
        Values.OneOf("--optimizer", ("sgd", OptimizerKind.Sgd), ("adam", OptimizerKind.Adam)));
    readonly Setting<float> _momentum = new("--momentum", "M", "0", "Momentum, kept for tracked weights only",
        Values.FloatBelowOne("--momentum"));
    readonly Setting<LossKind> _loss = TrainingSettings.LossSetting();
    readonly Setting<int> _threads = new("--threads", "N", null, "Cores that compute; default: the device's performance cores",
        Values.Int("--threads", 1));
    readonly Setting<long?> _memory = TrainingSettings.MemorySetting();
    readonly PrefixSettings _prefix = new();
    readonly InputSettings _input = new();

    public IEnumerable<Option> All => [_profile, _budget, _base, _batch, _optimizer, _momentum, _loss, _threads, _memory, .. _prefix.Cut, .. _input.Geometry];

    public (PersonalizeOptions Options, BaseOverride Base, int Threads) Read(ParseResult parse, string model)
    {
        var preprocessing = DataPreparation.Preprocessing(model, _input.Read(parse));
        var options = new PersonalizeOptions
        {
            Model = model,
            Data = "",
            Session = new()
            {
                Batch = _batch.In(parse),
                TrainFrom = _prefix.TrainFrom(parse),
                Budget = _budget.In(parse),
                Optimizer = _optimizer.In(parse),
                Momentum = _momentum.In(parse),
                Loss = _loss.In(parse),
                SampleShape = DataPreparation.SampleShape(model, preprocessing),
            },
            Profile = _profile.In(parse)!,
            MemoryLimit = _memory.In(parse),
        };
        return (options, _base.In(parse), _threads.In(parse));
    }
}
