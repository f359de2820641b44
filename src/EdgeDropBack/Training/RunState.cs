namespace EdgeDropBack.Training;

/// <summary>Where a run stands: all that decides how it goes on, beside the weights.</summary>
sealed record RunState
{
    const int Version = 2;

    /// <summary>Steps done.</summary>
    public int Step { get; set; }

    /// <summary>What the learning rate is multiplied by since a bad loss.</summary>
    public float RateFactor { get; set; } = 1f;

    public int Reductions { get; set; }

    /// <summary>Step before which the tracked set was fixed; -1 while it is not.</summary>
    public int FrozenAt { get; set; } = -1;

    public double EpochLoss { get; set; }

    public long EpochEntered { get; set; }

    /// <summary>Exchanged share of the tracked weights a step, averaged over the last epoch.</summary>
    public double Churn { get; set; } = 1;

    /// <summary>The same of the first epoch and of the last one that selected; NaN before their end, or where nothing is selected.</summary>
    public double FirstChurn { get; set; } = double.NaN;

    public double LastChurn { get; set; } = double.NaN;

    /// <summary>Mean loss of the first epoch; NaN before its end.</summary>
    public double FirstLoss { get; set; } = double.NaN;

    public double LastLoss { get; set; } = double.NaN;

    /// <summary>Epochs in a row whose mean loss was far above the first one's.</summary>
    public int RisingEpochs { get; set; }

    public double BestHeldOutLoss { get; set; } = double.PositiveInfinity;

    public int BestStep { get; set; } = -1;

    public int EpochsSinceBest { get; set; }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write(Step);
        writer.Write(RateFactor);
        writer.Write(Reductions);
        writer.Write(FrozenAt);
        writer.Write(EpochLoss);
        writer.Write(EpochEntered);
        writer.Write(Churn);
        writer.Write(FirstChurn);
        writer.Write(LastChurn);
        writer.Write(FirstLoss);
        writer.Write(LastLoss);
        writer.Write(RisingEpochs);
        writer.Write(BestHeldOutLoss);
        writer.Write(BestStep);
        writer.Write(EpochsSinceBest);
        writer.Flush();
        return stream.ToArray();
    }

    public static RunState Parse(byte[] bytes, string name)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            var version = reader.ReadInt32();
            if (version != Version) throw EdbException.Refused($"{name}: run state of version {version}, this program reads {Version}; start afresh without --resume");
            return new()
            {
                Step = reader.ReadInt32(),
                RateFactor = reader.ReadSingle(),
                Reductions = reader.ReadInt32(),
                FrozenAt = reader.ReadInt32(),
                EpochLoss = reader.ReadDouble(),
                EpochEntered = reader.ReadInt64(),
                Churn = reader.ReadDouble(),
                FirstChurn = reader.ReadDouble(),
                LastChurn = reader.ReadDouble(),
                FirstLoss = reader.ReadDouble(),
                LastLoss = reader.ReadDouble(),
                RisingEpochs = reader.ReadInt32(),
                BestHeldOutLoss = reader.ReadDouble(),
                BestStep = reader.ReadInt32(),
                EpochsSinceBest = reader.ReadInt32(),
            };
        }
        catch (EndOfStreamException e)
        {
            throw EdbException.Refused($"{name}: the run state is cut short; start afresh without --resume", e);
        }
    }
}
