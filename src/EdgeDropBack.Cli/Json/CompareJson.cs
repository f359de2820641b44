using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb compare --json`: one result a mode.</summary>
sealed record CompareJson(string Model, IReadOnlyList<PersonalizeResult> Results);
