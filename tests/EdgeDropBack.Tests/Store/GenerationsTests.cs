using EdgeDropBack.Files;
using EdgeDropBack.Store;

namespace EdgeDropBack.Tests.Store;

public sealed class GenerationsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Store => _folder["user.edb"];

    public void Dispose() => _folder.Dispose();

    static void Accept(Generations generations, float value) =>
        generations.Accept(StoreSamples.Tiny(value), path => File.WriteAllText(path, $"{value}"));

    static float ValueOf(Generation generation) => SparseStore.Open(generation.Path).Tracked[0].Values[0];

    static void AssertPair(Generation generation, float value)
    {
        Assert.Equal(value, ValueOf(generation));
        Assert.Equal($"{value}", File.ReadAllText(generation.SidecarPath!));
    }

    [Fact]
    public void FiveOlderStoresAreKeptWithTheirSidecars()
    {
        var generations = new Generations(Store);
        Assert.Empty(generations.List());
        for (int i = 1; i <= 8; i++)
            Accept(generations, i);
        IReadOnlyList<Generation> list = generations.List();
        Assert.Equal([0, 1, 2, 3, 4, 5], list.Select(generation => generation.Number));
        for (int i = 0; i < 6; i++)
            AssertPair(list[i], 8 - i);
        Assert.Equal(12, Directory.GetFiles(_folder.Path).Length);
        Assert.All(generations.Verify(), check => Assert.Null(check.Error));
    }

    [Fact]
    public void RollbackBringsTheOldBitsBackAndLosesNothing()
    {
        var generations = new Generations(Store);
        for (int i = 1; i <= 4; i++)
            Accept(generations, i);
        byte[] third = File.ReadAllBytes(Store + ".1");
        Assert.Equal(0, generations.Rollback().Number);
        Assert.Equal(third, File.ReadAllBytes(Store));
        Assert.Equal([3f, 4, 2, 1], generations.List().Select(ValueOf));
        generations.Rollback(3);
        Assert.Equal([1f, 3, 4, 2], generations.List().Select(ValueOf));
        foreach (Generation generation in generations.List())
            AssertPair(generation, ValueOf(generation));
        Assert.Equal(8, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void ThePinnedGenerationStaysAndCanBeGoneBackTo()
    {
        var generations = new Generations(Store);
        for (int i = 1; i <= 3; i++)
            Accept(generations, i);
        generations.Pin(1);
        for (int i = 4; i <= 12; i++)
            Accept(generations, i);
        GenerationCheck pinned = generations.Verify()[^1];
        Assert.Equal(Generations.PinnedNumber, pinned.Generation.Number);
        AssertPair(pinned.Generation, 2);
        generations.Rollback(Generations.PinnedNumber);
        AssertPair(generations.List()[0], 2);
        AssertPair(generations.List()[1], 12);
        AssertPair(generations.Verify()[^1].Generation, 2);
        generations.Pin(1);
        AssertPair(generations.Verify()[^1].Generation, 12);
        generations.Unpin();
        Assert.Equal(12, Directory.GetFiles(_folder.Path).Length);
        Assert.Throws<EdbException>(() => generations.Rollback(Generations.PinnedNumber));
        Assert.Throws<EdbException>(() => generations.Pin(6));
    }

    [Fact]
    public void RollbackWithoutOrToADamagedGenerationIsRefused()
    {
        var generations = new Generations(Store);
        Accept(generations, 1);
        Assert.Contains("no generation 1", Assert.Throws<EdbException>(() => generations.Rollback()).Message);
        Accept(generations, 2);
        File.WriteAllBytes(Store + ".1", File.ReadAllBytes(Store + ".1")[..^1]);
        Assert.Contains("cut short", Assert.Throws<EdbException>(() => generations.Rollback()).Message);
        Assert.Equal(2f, ValueOf(generations.List()[0]));
    }

    [Fact]
    public void DamagedNewestFallsBackAndSaysSo()
    {
        var generations = new Generations(Store);
        Assert.Contains("there is no store", Assert.Throws<EdbException>(() => generations.Open()).Message);
        Accept(generations, 1);
        Accept(generations, 2);
        Assert.Null(generations.Open(StoreSamples.Model).Notice);
        File.WriteAllBytes(Store, File.ReadAllBytes(Store)[..100]);
        OpenedGeneration opened = generations.Open(StoreSamples.Model, StoreSamples.Tensors);
        Assert.Equal(1f, opened.Store.Tracked[0].Values[0]);
        Assert.Contains("cut short", opened.Notice);
        Assert.Contains("user.edb.1", opened.Notice);
        Assert.NotNull(generations.Verify()[0].Error);
        Assert.Contains("belongs to model", Assert.Throws<EdbException>(() => generations.Open(new string('a', 64))).Message);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(6, false)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    [InlineData(6, true)]
    public void KillAfterAnyStepLeavesTheOldOrTheNewSetWhole(int before, bool rollback)
    {
        var generations = new Generations(Store);
        for (int i = 1; i <= before; i++)
            Accept(generations, i);
        int target = (before / 2) + (before == 2 ? 0 : 1);
        List<string> states = [];
        using var copies = new TemporaryFolder();
        var watched = new Generations(Store, Generations.DefaultKeep, step =>
        {
            string copy = Directory.CreateDirectory(copies[$"{states.Count}"]).FullName;
            foreach (string file in Directory.GetFiles(_folder.Path))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            states.Add($"{step}");
        });

        float[] old = [.. generations.List().Select(ValueOf)];
        if (rollback)
            watched.Rollback(target);
        else
            Accept(watched, 100);
        float[] now = [.. generations.List().Select(ValueOf)];
        Assert.True(states.Count > 3);

        for (int i = 0; i < states.Count; i++)
        {
            var killed = new Generations(Path.Combine(copies[$"{i}"], "user.edb"));
            float[] found = [.. killed.List().Select(ValueOf)];
            bool isNew = found[..Math.Min(found.Length, 1)].SequenceEqual(now[..1]);
            Assert.True(isNew ? found[..now.Length].SequenceEqual(now) : found.SequenceEqual(old),
                $"after {states[i]}: {string.Join(' ', found)}");
            if (found.Length > 0)
            {
                Assert.Equal(found[0], killed.Open().Store.Tracked[0].Values[0]);
                AssertPair(killed.List()[0], found[0]);
            }

            killed.Recover();
            Assert.Equal(isNew ? now : old, killed.List().Select(ValueOf));
            foreach (Generation generation in killed.List())
                AssertPair(generation, ValueOf(generation));
            Accept(killed, 200);
            Assert.Equal([200f, .. (isNew ? now : old).Take(5)], killed.List().Select(ValueOf));
        }
    }

    [Fact]
    public void ANewestStoreCutAtAnyLengthLosesNoOtherGeneration()
    {
        var generations = new Generations(Store);
        for (int i = 1; i <= 3; i++)
            Accept(generations, i);
        byte[] whole = File.ReadAllBytes(Store);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Store, whole[..length]);
            OpenedGeneration opened = generations.Open(StoreSamples.Model, StoreSamples.Tensors);
            Assert.Equal(2f, opened.Store.Tracked[0].Values[0]);
            Assert.Contains($"cut short: {length} bytes", opened.Notice);
            Assert.Equal([false, true, true], generations.Verify().Select(check => check.Error is null));
        }

        Accept(generations, 4);
        Assert.Equal([4f, 2, 1], generations.Verify().Where(check => check.Error is null).Select(check => ValueOf(check.Generation)));
    }

    [Fact]
    public void APendingStoreCutAtAnyLengthLosesNoGeneration()
    {
        var generations = new Generations(Store);
        for (int i = 1; i <= 2; i++)
            Accept(generations, i);
        byte[] whole = StoreSamples.Tiny(3).ToBytes();
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Store + ".new", whole[..length]);
            File.WriteAllText(Generations.SidecarOf(Store + ".new"), "3");
            Assert.Equal(2f, generations.Open(StoreSamples.Model, StoreSamples.Tensors).Store.Tracked[0].Values[0]);
            generations.Recover();
            Assert.Equal([2f, 1], generations.List().Select(ValueOf));
            AssertPair(generations.List()[0], 2);
        }
    }

    [Fact]
    public void PendingStoreThatCannotBeReadIsSetAside()
    {
        var generations = new Generations(Store);
        Accept(generations, 1);
        File.WriteAllText(Store + ".new", "rubbish");
        Assert.Equal(1f, generations.Open().Store.Tracked[0].Values[0]);
        Accept(generations, 2);
        Assert.Equal([2f, 1], generations.List().Select(ValueOf));
        Assert.True(File.Exists(Store + ".corrupt"));
    }

    [Fact]
    public void FailedAcceptLeavesTheOldSetUntouched()
    {
        var generations = new Generations(Store);
        Accept(generations, 1);
        Assert.Throws<NotSupportedException>(() => generations.Accept(StoreSamples.Tiny(2), _ => throw new NotSupportedException()));
        Directory.CreateDirectory(Store + ".new" + AtomicFile.TemporarySuffix);
        Assert.Throws<EdbException>(() => Accept(generations, 2));
        AssertPair(generations.List()[0], 1);
        Assert.Single(generations.List());
    }

    [Fact]
    public void LockIsHeldByOne()
    {
        using (StoreLock.Acquire(Store))
            Assert.Contains("in use", Assert.Throws<EdbException>(() => StoreLock.Acquire(Store)).Message);
        StoreLock.Acquire(Store).Dispose();
        Assert.Contains("does not exist", Assert.Throws<EdbException>(() => StoreLock.Acquire(_folder["none/user.edb"])).Message);
    }

    [SkippableFact]
    public void EveryFileOfAPrivateStoreIsPrivate()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes");
#pragma warning disable CA1416 // Windows was skipped above, which the analyzer cannot see.
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var generations = new Generations(Store);
        generations.Accept(StoreSamples.Tiny(1));
        File.SetUnixFileMode(Store, Private);
        for (var value = 2; value < 5; value++)
            generations.Accept(StoreSamples.Tiny(value), path => AtomicFile.Write(path, stream => stream.Write("{}"u8), generations.ModeOfSidecar));
        generations.Pin(1);
        generations.Rollback(2);
        Assert.All(Directory.GetFiles(_folder.Path, "user.edb*"), path => Assert.Equal(Private, File.GetUnixFileMode(path)));
#pragma warning restore CA1416
    }

    [SkippableFact]
    public void GenerationsOfALinkedStoreLieBesideTheFileBehindTheLink()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.CreateSymbolicLink(Store, Path.Combine("elsewhere", "mine.edb"));
        var generations = new Generations(Store);
        Accept(generations, 1);
        Accept(generations, 2);
        Assert.Equal([2f, 1], generations.List().Select(ValueOf));
        Assert.Equal(Path.Combine("elsewhere", "mine.edb"), new FileInfo(Store).LinkTarget);
        Assert.Equal([Store], Directory.GetFiles(_folder.Path));
        Assert.True(File.Exists(_folder["elsewhere/mine.edb.1"]));
        using (StoreLock.Acquire(Store))
            Assert.Contains("in use", Assert.Throws<EdbException>(() => StoreLock.Acquire(_folder["elsewhere/mine.edb"])).Message);
    }
}
