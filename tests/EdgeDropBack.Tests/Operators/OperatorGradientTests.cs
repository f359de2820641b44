using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Operators;

/// <summary>Every operator, in every form of its attributes, against finite differences.</summary>
public sealed class OperatorGradientTests
{
    internal static readonly GradientCase[] Cases =
    [
        .. MatrixCases.All, .. ConvolutionCases.All, .. PoolingCases.All, .. ElementwiseCases.All,
        .. ShapeCases.All, .. ReductionCases.All, .. NormalizationCases.All, .. ParameterCases.All,
        .. RecurrentCases.All, .. SequenceCases.All,
    ];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Fact]
    public void EveryOperatorHasACase()
    {
        var covered = new HashSet<string>();
        foreach (var @case in Cases)
        {
            var model = new CaseModel(@case.Opset);
            @case.Build(model);
            covered.UnionWith(model.Operators);
        }
        Assert.Equal([], OperatorRegistry.Names.Where(name => !covered.Contains(name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientIsThatOfFiniteDifferences(string name)
    {
        using var check = new GradientCheck(Cases.Single(c => c.Name == name));
        check.AgainstFiniteDifferences();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PartialAndSampledGradientsAreThoseOfTheDenseOne(string name)
    {
        using var check = new GradientCheck(Cases.Single(c => c.Name == name));
        check.PartialAndSampledAreDense();
    }
}
