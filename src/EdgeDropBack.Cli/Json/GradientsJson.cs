namespace EdgeDropBack.Cli.Json;

/// <summary>`edb gradients --json`.</summary>
sealed record GradientsJson(string Model, int Samples, string LossKind, double Loss, string Output, IReadOnlyList<GradientJson> Parameters);

sealed record GradientJson(string Name, int[] Shape);
