namespace EdgeDropBack.Tests;

/// <summary>Files of the repository that tests read.</summary>
static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "EdgeDropBack.sln"))) return folder;
        throw new InvalidOperationException("the tests run outside the repository");
    }
}
