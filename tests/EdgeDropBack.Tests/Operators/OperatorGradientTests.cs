using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Operators;

/// <summary>Every operator, in every form of its attributes, against finite differences.</summary>
public sealed class OperatorGradientTests
{
    static readonly GradientCase[] s_cases =
    [
        .. MatrixCases.All, .. ConvolutionCases.All, .. PoolingCases.All, .. ElementwiseCases.All,
        .. ShapeCases.All, .. ReductionCases.All, .. NormalizationCases.All, .. ParameterCases.All,
    ];

    public static TheoryData<string> Names => [.. s_cases.Select(c => c.Name)];

    [Fact]
    public void EveryOperatorHasACase()
    {
        var covered = new HashSet<string>();
        foreach (var @case in s_cases)
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
        using var check = new GradientCheck(s_cases.Single(c => c.Name == name));
        check.AgainstFiniteDifferences();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PartialAndSampledGradientsAreThoseOfTheDenseOne(string name)
    {
        using var check = new GradientCheck(s_cases.Single(c => c.Name == name));
        check.PartialAndSampledAreDense();
    }
}
