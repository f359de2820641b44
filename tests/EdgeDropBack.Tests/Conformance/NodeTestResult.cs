namespace EdgeDropBack.Tests.Conformance;

/// <summary>What one of the ONNX tests came to.</summary>
/// <param name="Problem">Null where all outputs are those given; else what is unsupported or differs.</param>
/// <param name="OnnxRuntime">Null where ONNX Runtime gives the same; else why the two were not compared, or where they differ.</param>
sealed record NodeTestResult(string? Problem, string? OnnxRuntime);
