using System.Security.Cryptography;

namespace EdgeDropBack.DeviceLink.Tests;

public sealed class AgentFolderTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("edb-folder-").FullName;
    readonly AgentFolder _folder;

    public AgentFolderTests()
        => _folder = new(Path.Combine(_root, "agent"), new() { FileBytes = 1000, Files = 3, FolderBytes = 2000 });

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("c:x")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void WhatIsNoPlainNameIsRefused(string name) => Refused(() => _folder.At(name), "is no file name for the agent");

    [Fact]
    public void ALongNameIsRefused() => Refused(() => _folder.At(new string('a', 129)), "129 characters");

    [Theory]
    [InlineData("user.edb.1")]
    [InlineData("user.edb.lock")]
    [InlineData("user.edb.new")]
    [InlineData("user.edb.checkpoint")]
    [InlineData("user.edb.tmp")]
    public void FilesOfAStoreAreNotPushed(string name) => Refused(() => Push(name, new byte[10]), "keeps for itself");

    [Fact]
    public void LinksAreNotFollowed()
    {
        File.WriteAllText(Path.Combine(_root, "secret"), "x");
        File.CreateSymbolicLink(_folder.At("link"), Path.Combine(_root, "secret"));
        Refused(() => _folder.Existing("link"), "has no file");
        Assert.Empty(_folder.Files());
        Refused(() => Push("link", [1, 2, 3]), "is a link");
        Assert.Equal("x", File.ReadAllText(Path.Combine(_root, "secret")));
    }

    [Fact]
    public void CapsAreOnSizeCountAndSum()
    {
        Refused(() => Push("big", new byte[1001]), "--max-file");
        Push("a", new byte[900]);
        Push("b", new byte[900]);
        Refused(() => Push("c", new byte[300]), "--max-disk");
        Push("c", new byte[100]);
        Refused(() => Push("d", new byte[1]), "--max-files");
        Push("c", new byte[110]);
    }

    [Fact]
    public void PartsOfOneNameAreNotCollected()
    {
        for (byte i = 0; i < 20; i++)
        {
            using var part = _folder.BeginPush("a", 100, SHA256.HashData([i]));
            part.Append([1, 2, 3]);
        }
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void WhatIsNotTheAnnouncedFileLeavesTheOldOne()
    {
        Push("a", [1, 2, 3]);
        using var part = _folder.BeginPush("a", 3, SHA256.HashData([7]));
        part.Append([7, 8, 9]);
        Assert.Equal(1, Assert.Throws<EdbException>(() => _folder.EndPush("a", part)).ExitCode);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder.Existing("a")));
        Assert.Single(Directory.GetFiles(_folder.Path));
        using var second = _folder.BeginPush("a", 3, SHA256.HashData([7]));
        Refused(() => second.Append([7, 8, 9, 10]), "more have come");
    }

    [Fact]
    public void APushedStoreHasToBeOne() => Refused(() => Push("user.edb", new byte[50]), "user.edb");

    [Fact]
    public void AFolderThatCannotBeMadeIsNamed()
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");
        Refused(() => new AgentFolder(Path.Combine(_root, "file", "agent"), new()), "cannot be made");
    }

    void Push(string name, byte[] bytes)
    {
        using var part = _folder.BeginPush(name, bytes.Length, SHA256.HashData(bytes));
        part.Append(bytes);
        _folder.EndPush(name, part);
    }

    static void Refused(Action action, string message)
    {
        var error = Assert.Throws<EdbException>(action);
        Assert.Equal(3, error.ExitCode);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
