namespace EdgeDropBack.Data;

/// <summary>Samples that a program holds itself, as the model takes them.</summary>
sealed class FloatDataset : Dataset
{
    readonly float[] _x;

    /// <param name="x">[labels, sampleLength].</param>
    /// <param name="labels">Classes, 0..classes-1.</param>
    /// <param name="sampleLength">Numbers in a sample.</param>
    /// <param name="classes">Classes of the model.</param>
    /// <exception cref="EdbException">Exit code 3: a label is no class.</exception>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public FloatDataset(float[] x, int[] labels, int sampleLength, int classes)
    {
        for (var i = 0; i < labels.Length; i++)
            if ((uint)labels[i] >= (uint)classes) throw EdbException.Refused($"label {labels[i]} of sample {i} is outside 0..{classes - 1}");
        _x = x;
        (Name, Count, SampleShape, SampleLength, Labels, ClassCount) = ("samples", labels.Length, [sampleLength], sampleLength, labels, classes);
    }

    public override long ResidentBytes => sizeof(float) * _x.LongLength + sizeof(int) * Labels!.LongLength;

    public override void CopySample(int index, Span<float> destination) => _x.AsSpan(index * SampleLength, SampleLength).CopyTo(destination);
}
