using System.Buffers.Binary;
using System.Text;
using EdgeDropBack.Store;

namespace EdgeDropBack.Tests.Store;

public sealed class StoreDamageTests
{
    /// <summary>Header and section table of the tiny store, as a second writer made from the specification gives them.</summary>
    const string GoldenHeader =
        "894544420d0a1a0a0100000006000000c802000000000000849eed60000000004d45544195b7937bb0000000000000008a0100000000000054454e53" +
        "981dbeb1400200000000000050000000000000004e414d4524b85bfc9002000000000000100000000000000054494c457ac85c62a002000000000000" +
        "0c00000000000000494e4458b2baeff0b002000000000000060000000000000056414c559a50d4b2b8020000000000000c00000000000000";

    /// <summary>TENS, NAME, TILE, INDX and VALU of the tiny store.</summary>
    const string GoldenRest =
        "cb60d20d7fb368d17011010000000000000000000000000002000000000000000000803f00000900de4009873bb60227030000000000000007000000" +
        "01000000010000000000003f0000803f0100070066632e77656967687466632e62696173000000000100000000000000000000000500010002000000" +
        "0000c03f000000c00000803e00000000";

    [Fact]
    public void BytesOfTheTinyStoreAreGolden()
    {
        byte[] bytes = StoreSamples.Tiny().ToBytes();
        const int Header = 32 + (6 * 24);
        long meta = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(32 + 16));
        Assert.Equal(GoldenHeader, Convert.ToHexStringLower(bytes.AsSpan(0, Header)));
        Assert.StartsWith($"model={StoreSamples.Model}\nseed=1\nbudget=4\ntrainable=70003\nbatch=32\nmode=dropback\n",
            Encoding.UTF8.GetString(bytes.AsSpan(Header, (int)meta)));
        Assert.Equal(GoldenRest, Convert.ToHexStringLower(bytes.AsSpan(Header + (int)((meta + 7) & -8))));
    }

    [Fact]
    public void CrcIsCastagnolis() =>
        Assert.Equal(0xE3069283, ~StoreFormat.Crc32C(uint.MaxValue, "123456789"u8));

    [Fact]
    public void TruncationAtEveryByteIsRefusedByName()
    {
        byte[] bytes = StoreSamples.Full().ToBytes();
        for (int length = 0; length < bytes.Length; length++)
        {
            EdbException failure = Assert.Throws<EdbException>(() => SparseStore.Parse(bytes[..length], "t.edb"));
            Assert.Contains($"'t.edb' is cut short: {length} bytes, ", failure.Message);
            Assert.Equal(3, failure.ExitCode);
        }

        Assert.Throws<EdbException>(() => SparseStore.Parse([.. bytes, 0], "t.edb"));
    }

    [Fact]
    public void FlippedBitInEveryByteIsRefused()
    {
        byte[] bytes = StoreSamples.Full().ToBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(1 << (i % 8));
            EdbException failure = Assert.Throws<EdbException>(() => SparseStore.Parse(bytes, "t.edb"));
            Assert.Contains("'t.edb'", failure.Message);
            bytes[i] ^= (byte)(1 << (i % 8));
        }
    }

    [Fact]
    public void DamageNamesItsSection()
    {
        byte[] bytes = StoreSamples.Full().ToBytes();
        foreach (string tag in (string[])["META", "TENS", "NAME", "TILE", "INDX", "VALU", "OPTS", "BNST", "RSUM"])
        {
            byte[] copy = [.. bytes];
            int entry = copy.AsSpan().IndexOf(Encoding.ASCII.GetBytes(tag));
            copy[BinaryPrimitives.ReadInt64LittleEndian(copy.AsSpan(entry + 8))] ^= 1;
            Assert.Contains($"section {tag}", Assert.Throws<EdbException>(() => SparseStore.Parse(copy, "t.edb")).Message);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MutatedStoresAreRefusedOrSound(bool sealAgain)
    {
        byte[][] samples = [StoreSamples.Tiny().ToBytes(), StoreSamples.Full().ToBytes(), StoreSamples.Random(5).ToBytes()];
        ulong state = 42;
        int opened = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = [.. samples[i % samples.Length]];
            for (ulong changes = 1 + (StoreSamples.Next(ref state) % 4); changes > 0; changes--)
                bytes[StoreSamples.Next(ref state) % (ulong)bytes.Length] = (byte)StoreSamples.Next(ref state);
            if (sealAgain)
                StoreSamples.Seal(bytes);
            try
            {
                SparseStore store = SparseStore.Parse(bytes, "m.edb");
                opened++;
                _ = store.ToBytes();
            }
            catch (EdbException failure)
            {
                Assert.Contains("'m.edb'", failure.Message);
            }
        }

        Assert.Equal(sealAgain, opened > 20);
    }
}
