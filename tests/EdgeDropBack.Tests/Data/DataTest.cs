using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

/// <summary>What the tests of this folder share.</summary>
static class DataTest
{
    internal const int Mutations = 2000;

    internal static DatasetOptions Options(int[] sample, int classes = 0, PreprocessingOptions? preprocessing = null) => new()
    {
        Preprocessing = Preprocessing.ForModel([-1, .. sample], preprocessing ?? new PreprocessingOptions()),
        ClassCount = classes,
    };

    internal static float[] Sample(Dataset dataset, int index)
    {
        var values = new float[dataset.SampleLength];
        dataset.CopySample(index, values);
        return values;
    }

    /// <summary>Asserts a refusal of one line.</summary>
    internal static string Refused(Action action)
    {
        var e = Assert.Throws<EdbException>(action);
        Assert.Equal(3, e.ExitCode);
        AssertOneLine(e);
        return e.Message;
    }

    /// <summary>Runs an action that may be refused, in one line, and in no other way.</summary>
    internal static bool RefusedOrDone(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (EdbException e)
        {
            AssertOneLine(e);
            return true;
        }
    }

    /// <summary>Changes 1 to 4 bytes, or cuts, or repeats a part; the same for the same seed.</summary>
    internal static byte[] Mutate(byte[] source, int seed)
    {
        ulong Next(ulong i) => SampleOrder.Hash((ulong)seed, i);
        var bytes = (byte[])source.Clone();
        var kind = Next(0) % 10;
        if (kind == 0)
            return bytes[..(int)(Next(1) % (ulong)bytes.Length)];
        if (kind == 1)
            return [.. bytes, .. bytes[..(int)(Next(1) % (ulong)bytes.Length)]];
        var changes = 1 + Next(2) % 4;
        var range = kind < 6 ? Math.Min(128ul, (ulong)bytes.Length) : (ulong)bytes.Length;
        for (var c = 0ul; c < changes; c++)
            bytes[Next(3 + 2 * c) % range] = Next(4 + 2 * c) is var v && v % 4 == 0 ? (byte)255 : (byte)(v >> 8);
        return bytes;
    }

    static void AssertOneLine(EdbException e)
    {
        Assert.DoesNotContain(e.Message, c => char.IsControl(c));
        Assert.InRange(e.Message.Length, 20, 2000);
    }
}
