namespace EdgeDropBack.Tests.Operators;

/// <summary>One form of one operator, in a model of its own.</summary>
/// <param name="Name">Operator and form.</param>
/// <param name="Build">Writes the model; the value to differentiate is "y".</param>
/// <param name="Opset">Operator set of the model.</param>
/// <param name="Tolerance">Largest error, relative to the largest gradient of the same parameter.</param>
/// <param name="Epsilon">Step of the finite difference; kinks must be further than two steps from every value.</param>
sealed record GradientCase(string Name, Action<CaseModel> Build, long Opset = 17, double Tolerance = 1e-3, float Epsilon = 5e-3f)
{
    public override string ToString() => Name;
}
