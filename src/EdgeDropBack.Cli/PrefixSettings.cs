using System.CommandLine;

namespace EdgeDropBack.Cli;

/// <summary>Where a model is cut, and where what its frozen part computes is kept.</summary>
sealed class PrefixSettings
{
    readonly Setting<string> _trainFrom = new("--train-from", "NODE[,NODE...]", null,
        "Train these nodes and all behind them; what is in front is frozen and run by ONNX Runtime. A node's or value's name, or #N", Values.Text);
    readonly Setting<string> _cache = new("--cache", "DIR", null, "Keep what the frozen part computes of each sample", Values.Text);
    readonly Setting<long?> _limit = new("--cache-limit", "SIZE", "1GB", "Bytes that the caches in --cache may take", Values.Bytes("--cache-limit"));

    public IEnumerable<Option> All => [_trainFrom, _cache, _limit];

    /// <summary>For verbs that keep nothing.</summary>
    public IEnumerable<Option> Cut => [_trainFrom];

    public string? TrainFrom(ParseResult parse) => _trainFrom.In(parse);

    public string? Cache(ParseResult parse) => _cache.In(parse);

    public long CacheLimit(ParseResult parse) => _limit.In(parse)!.Value;
}
