using EdgeDropBack.Files;

namespace EdgeDropBack.Store;

/// <summary>What to do about a store that cannot be read.</summary>
static class WayBack
{
    /// <summary>The command that goes back to the newest earlier generation that can be read; where there is none, only training helps.</summary>
    public static string From(string path)
    {
        for (int number = 1; number <= Generations.DefaultKeep; number++)
        {
            if (IsReadable($"{path}.{number}"))
                return $"go back with `edb store rollback {ShellWord.Quote(path)}{(number == 1 ? "" : $" --to {number}")}`, or train again";
        }

        return "train again";
    }

    static bool IsReadable(string path)
    {
        try
        {
            if (!File.Exists(path))
                return false;
            _ = SparseStore.Open(path);
            return true;
        }
        catch (EdbException)
        {
            return false;
        }
    }
}
