namespace EdgeDropBack.Kernels.Tests;

public sealed class ActivationQuantizationTests
{
    public static TheoryData<QuantizationForm, int, int> Forms
    {
        get
        {
            var data = new TheoryData<QuantizationForm, int, int>();
            foreach (var form in Enum.GetValues<QuantizationForm>())
                foreach (var (channels, inner) in ((int, int)[])[(1, 1), (3, 5), (7, 1)]) data.Add(form, channels, inner);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void BothDirectionsEqualTheReference(QuantizationForm form, int channels, int inner)
    {
        var quantization = Quantized.Scales(BaseKind.Int8, channels, inner, 2);
        using var one = new Workers(1);
        for (var count = 0; count <= 256; count++)
        {
            var x = Values.Special(count, 5);
            float[] y = Values.Guarded(count), dy = Values.Normal(count, 6), dx = Values.Guarded(count);
            var kept = new byte[ActivationQuantization.KeptBytes(count)];
            Array.Fill(kept, (byte)0xA5);
            ActivationQuantization.Forward(one, form, quantization, x, kept, Values.Inside(y));
            ActivationQuantization.Backward(one, form, quantization, dy, kept, Values.Inside(dx));
            var (forward, backward) = (new float[count], new float[count]);
            for (var i = 0; i < count; i++)
            {
                forward[i] = Reference.Quantization(form, quantization, i, x[i], out var isKept);
                backward[i] = Reference.QuantizationBackward(form, quantization, i, dy[i], isKept);
            }
            Values.SameGuarded(forward, y, $"{form} {count}");
            Values.SameGuarded(backward, dx, $"{form} {count} backward");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 50)]
    public void ThreadsAndPlaceDoNotChangeTheBits(int channels, int inner)
    {
        const int Count = 100_003;
        var quantization = Quantized.Scales(BaseKind.UInt8, channels, inner, 2);
        float[] x = Values.Normal(Count, 5), y = new float[Count], alone = new float[Count];
        byte[] kept = new byte[ActivationQuantization.KeptBytes(Count)], keptAlone = new byte[kept.Length];
        using Workers one = new(1), three = new(3);
        ActivationQuantization.Forward(one, QuantizationForm.Both, quantization, x, keptAlone, alone);
        ActivationQuantization.Forward(three, QuantizationForm.Both, quantization, x, kept, y);
        Values.Same(alone, y, "three threads");
        Assert.Equal(keptAlone, kept);
        ActivationQuantization.Forward(three, QuantizationForm.Both, quantization, x, [], x);
        Values.Same(alone, x, "in its place");
        Assert.Contains(kept, bits => bits != 0xFF);
    }
}
