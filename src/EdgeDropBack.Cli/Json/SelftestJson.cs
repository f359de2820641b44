namespace EdgeDropBack.Cli.Json;

/// <summary>`edb selftest --json`.</summary>
sealed record SelftestJson(bool Passed, string Kernels, IReadOnlyList<CheckJson> Checks);

/// <param name="Failure">What is wrong and what to do; null where the check passed.</param>
sealed record CheckJson(string Name, string? Failure);
