using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Operators;

/// <summary>A case's model, ready to compute y and the gradient of sum(cotangent * y).</summary>
sealed class GradientCheck : IDisposable
{
    readonly GradientCase _case;
    readonly OnnxModel _model;
    readonly Graph _graph;
    readonly Workers _workers = new(1);
    readonly AlignedBuffer _arena;
    readonly float[] _cotangent;
    NoMeter _meter;

    public GradientCheck(GradientCase @case)
    {
        _case = @case;
        var build = new CaseModel(@case.Opset);
        @case.Build(build);
        _model = build.Open();
        _graph = GraphImporter.Import(_model, new ImportOptions());
        _arena = new AlignedBuffer(Plan(_ => true).ArenaFloats);
        _cotangent = new CaseModel(17, seed: 1000).Values(Output.Shape.Count, -1f, 1.3f);
        Assert.NotEmpty(_graph.Parameters);
    }

    Value Output => _graph.Outputs[0];

    TrainingPlan Plan(Func<Parameter, bool> wants) => Planner.ForTraining(_graph, Output, wants);

    /// <summary>
    /// Every element of every parameter by fourth-order central differences, (8 (f(+e) - f(-e)) - (f(+2e) - f(-2e))) / 12 e.
    /// </summary>
    public void AgainstFiniteDifferences()
    {
        var values = new DenseValues(_graph.Parameters);
        var executor = new Executor(Plan(_ => true), _arena, _workers, values);
        var dense = Dense(executor);
        foreach (var parameter in _graph.Parameters)
        {
            var numeric = new double[parameter.Count];
            for (var i = 0; i < numeric.Length; i++)
            {
                double At(int steps)
                {
                    var kept = values[parameter][i];
                    values[parameter][i] = kept + steps * _case.Epsilon;
                    var f = Forward(executor);
                    values[parameter][i] = kept;
                    return f;
                }
                numeric[i] = (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * _case.Epsilon);
            }
            AssertClose($"d {parameter}, by differences", numeric, dense[parameter], _case.Tolerance);
        }
    }

    /// <summary>A plan for one parameter gives that one's bits; what is sampled after the freeze is the dense gradient there.</summary>
    public void PartialAndSampledAreDense()
    {
        var values = new DenseValues(_graph.Parameters);
        var dense = Dense(new Executor(Plan(_ => true), _arena, _workers, values));
        foreach (var parameter in _graph.Parameters.Where(p => dense[p].Any(g => g != 0f)))
        {
            using var arena = new AlignedBuffer(Plan(p => p == parameter).ArenaFloats);
            var only = Dense(new Executor(Plan(p => p == parameter), arena, _workers, values));
            Assert.Equal(dense[parameter], only[parameter]);
        }

        var tracked = new TrackedSet([.. _graph.Parameters.Select(p => new TrackedTensor(p.Name, p.Count))], (int)_graph.ParameterCount);
        tracked.BeginUpdate();
        foreach (var parameter in _graph.Parameters)
            for (var i = 0; i < parameter.Count; i += i % 3 + 1) tracked.Append(parameter.Ordinal, i, values[parameter][i]);
        tracked.Commit();
        tracked.Freeze();
        var sampled = new SampledGradients(tracked);
        var executor = new Executor(Plan(_ => true), _arena, _workers, new DropBackValues(tracked));
        Forward(executor);
        _cotangent.CopyTo(executor.GradientOf(Output));
        executor.Backward(ref _meter, sampled);
        foreach (var parameter in _graph.Parameters)
        {
            var at = tracked[parameter.Ordinal];
            var expected = Enumerable.Range(0, at.Count).Select(entry => (double)dense[parameter][at.IndexAt(entry)]).ToArray();
            AssertClose($"sampled d {parameter}", expected, sampled.TrackedGradients(parameter), 1e-5);
        }
    }

    public void Dispose()
    {
        _arena.Dispose();
        _workers.Dispose();
        _model.Dispose();
    }

    DenseGradients Dense(Executor executor)
    {
        var gradients = new DenseGradients(_graph.Parameters, _graph.Parameters.Count);
        Forward(executor);
        _cotangent.CopyTo(executor.GradientOf(Output));
        executor.Backward(ref _meter, gradients);
        return gradients;
    }

    double Forward(Executor executor)
    {
        if (executor.Plan.ValueBuffers[_graph.Inputs[0].Id] is not null) executor.Values(_graph.Inputs[0])[0] = 1f;
        executor.Forward(ref _meter, isTraining: false);
        var y = executor.Values(Output);
        var sum = 0.0;
        for (var i = 0; i < y.Length; i++) sum += (double)_cotangent[i] * y[i];
        return sum;
    }

    void AssertClose(string what, double[] expected, ReadOnlySpan<float> actual, double tolerance)
    {
        var largest = Math.Max(expected.Max(Math.Abs), 0.05);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected[i]) <= tolerance * largest,
                $"{_case}: {what} at {i}: {actual[i]}, expected {expected[i]}, largest {largest}");
    }
}
