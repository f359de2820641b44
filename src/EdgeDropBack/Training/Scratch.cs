using EdgeDropBack.Onnx;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>What training from a seed takes from the model file, or from the store that it goes on from.</summary>
static class Scratch
{
    /// <summary>
    /// The options of a run from scratch. Where no seed is given, the store's or the model's own is the seed of everything; a given one takes
    /// its place in all weights, and the store records it.
    /// </summary>
    /// <exception cref="EdbException">Exit code 3: no weight of the model is computed from a seed, they are from several, or the store grew from
    /// another one.</exception>
    public static PersonalizeOptions Options(PersonalizeOptions options)
    {
        using var model = OnnxModel.Open(options.Model);
        TrackedFunction.RefuseCalls(model);
        var (own, other) = BaseCall.SeedsOf(model);
        if (own is null)
            throw EdbException.Refused($"{options.Model}: no weight of the model is computed from a seed; "
                + "write one with `edb new`, or go on from the weights of the file with `edb personalize`");
        var stored = Inference.Newest(options.From, null)?.Store.BaseSeed;
        if (stored is { } grown && options.Session.BaseSeed is { } given && grown != given)
            throw EdbException.Refused($"{options.From}: the store's weights grew from seed {grown}, not {given}; give --seed {grown}, or leave it out");
        if (other is not null && (options.Session.BaseSeed ?? stored) is null)
            throw EdbException.Refused($"{options.Model}: its weights are computed from several seeds ({own}, {other}); give --seed N for all of them, "
                + "or go on from them as they are with `edb personalize`");
        var seed = options.Session.BaseSeed ?? stored ?? own.Value;
        return options with { Session = options.Session with { Seed = seed, BaseSeed = seed } };
    }
}
