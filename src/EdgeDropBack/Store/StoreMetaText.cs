using System.Globalization;
using System.Text;

namespace EdgeDropBack.Store;

/// <summary>The META section: UTF-8 lines <c>key=value</c> in a fixed order, then notes; numbers in their shortest exact form.</summary>
static class StoreMetaText
{
    internal const string NotePrefix = "note.";
    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static byte[] Encode(StoreMeta meta, int optimizerSlots)
    {
        var text = new StringBuilder();
        void Line(string key, IFormattable? value) => Text(key, value?.ToString(null, CultureInfo.InvariantCulture) ?? "");
        void Text(string key, string value) => text.Append(key).Append('=').Append(value).Append('\n');

        Text("model", meta.ModelSha256);
        Line("seed", meta.Seed);
        Line("budget", meta.Budget);
        Line("trainable", meta.TrainableCount);
        Line("batch", meta.BatchSize);
        Text("mode", meta.Mode);
        Text("select", meta.SelectMode);
        Text("score", meta.ScoreMode);
        Text("optimizer", meta.Optimizer);
        Line("slots", optimizerSlots);
        Text("loss", meta.Loss);
        Text("bn", meta.BatchNorm);
        Text("schedule", meta.Schedule);
        Line("newHead", meta.NewHeadClasses);
        Line("step", meta.Step);
        Line("steps", meta.TotalSteps);
        Line("epoch", meta.Epoch);
        Line("cursor", meta.Cursor);
        Line("lr", meta.LearningRate);
        Line("lrReductions", meta.LearningRateReductions);
        Line("lossScale", meta.LossScale);
        Line("momentum", meta.Momentum);
        Line("clip", meta.Clip);
        Line("initDecay", meta.InitDecay);
        Line("initDecayFactor", meta.InitDecayFactor);
        Line("threshold", meta.Threshold);
        Line("freezeStep", meta.FreezeStep);
        Line("bestLoss", meta.BestLoss);
        Line("bestAccuracy", meta.BestAccuracy);
        Line("bestStep", meta.BestStep);
        foreach ((string key, string value) in meta.Notes)
            Text(NotePrefix + key, value);
        return s_strict.GetBytes(text.ToString());
    }

    /// <exception cref="FormatException">A line is missing, unknown, twice or not a value of its kind; the message says which.</exception>
    internal static StoreMeta Decode(byte[] bytes, out int optimizerSlots)
    {
        try
        {
            var lines = new StoreMetaLines(s_strict.GetString(bytes));
            StoreMeta meta = Read(lines);
            optimizerSlots = lines.Number<int>("slots");
            foreach ((string key, string value) in lines.Unread())
                meta = key.StartsWith(NotePrefix, StringComparison.Ordinal)
                    ? meta.WithNote(key[NotePrefix.Length..], value)
                    : throw new FormatException($"unknown key '{key}'");
            return meta;
        }
        catch (ArgumentException failure)
        {
            throw new FormatException(failure.Message, failure);
        }
    }

    static StoreMeta Read(StoreMetaLines lines) => new()
    {
        ModelSha256 = lines.Text("model"),
        Seed = lines.Number<ulong>("seed"),
        Budget = lines.Number<int>("budget"),
        TrainableCount = lines.Number<long>("trainable"),
        BatchSize = lines.Number<int>("batch"),
        Mode = lines.Text("mode"),
        SelectMode = lines.Text("select"),
        ScoreMode = lines.Text("score"),
        Optimizer = lines.Text("optimizer"),
        Loss = lines.Text("loss"),
        BatchNorm = lines.Text("bn"),
        Schedule = lines.Text("schedule"),
        NewHeadClasses = lines.Number<int>("newHead"),
        Step = lines.Number<long>("step"),
        TotalSteps = lines.Number<long>("steps"),
        Epoch = lines.Number<int>("epoch"),
        Cursor = lines.Number<long>("cursor"),
        LearningRate = lines.Number<float>("lr"),
        LearningRateReductions = lines.Number<int>("lrReductions"),
        LossScale = lines.Number<float>("lossScale"),
        Momentum = lines.Number<float>("momentum"),
        Clip = lines.Number<float>("clip"),
        InitDecay = lines.Number<double>("initDecay"),
        InitDecayFactor = lines.Number<double>("initDecayFactor"),
        Threshold = lines.Number<float>("threshold"),
        FreezeStep = lines.Number<long>("freezeStep"),
        BestLoss = lines.OptionalNumber("bestLoss"),
        BestAccuracy = lines.OptionalNumber("bestAccuracy"),
        BestStep = lines.Number<long>("bestStep"),
    };
}
