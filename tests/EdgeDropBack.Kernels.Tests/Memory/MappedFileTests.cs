namespace EdgeDropBack.Kernels.Tests;

public sealed class MappedFileTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void SliceReturnsTheBytesOfTheFile()
    {
        File.WriteAllBytes(_path, [1, 2, 3, 4, 5]);
        using var file = new MappedFile(_path);
        Assert.Equal(5, file.Length);
        Assert.Equal<byte>([2, 3, 4], file.Slice(1, 3).ToArray());
        Assert.Equal(0, file.Slice(5, 0).Length);
    }

    [Fact]
    public void EmptyFileHasNoBytes()
    {
        using var file = new MappedFile(_path);
        Assert.Equal(0, file.Length);
        Assert.True(file.Slice(0, 0).IsEmpty);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 6)]
    [InlineData(5, 1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(0, -1)]
    public void SliceOutsideTheFileIsRefused(long offset, int length)
    {
        File.WriteAllBytes(_path, [1, 2, 3, 4, 5]);
        using var file = new MappedFile(_path);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Slice(offset, length).Length);
    }

    [Fact]
    public void SliceAfterDisposeIsRefused()
    {
        File.WriteAllBytes(_path, [1]);
        var file = new MappedFile(_path);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Slice(0, 1).Length);
    }
}
