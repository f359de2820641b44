using EdgeDropBack.Cli.Json;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Quick proof that this board computes right.</summary>
static class SelftestVerb
{
    public static Verb Create(Terminal terminal)
    {
        var verb = new Verb("selftest",
            "Checks system libraries, and the fast kernels against the plain ones, bit for bit; exit code 1 when something is wrong.",
            "selftest", "selftest --json");
        return verb.Does(parse =>
        {
            var checks = Selftest.Run();
            var result = new SelftestJson(checks.All(c => c.Failure is null), KernelTable.Active, checks);
            if (verb.IsJson(parse)) terminal.WriteJson(result, SelftestJson.Fields);
            else
            {
                foreach (var check in checks) terminal.Out.WriteLine($"{(check.Failure is null ? "ok      " : "FAILED  ")}{check.Name}");
                terminal.Out.WriteLine(result.Passed ? $"this board computes right (kernels: {result.Kernels})"
                    : "this board does not compute right");
            }
            foreach (var check in checks)
                if (check.Failure is { } failure) terminal.Log($"edb: {check.Name}: {failure}");
            return result.Passed ? 0 : 1;
        }, needsSsl: false);
    }
}
