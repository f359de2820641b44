using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>Runs a plan in an arena. Everything it needs is made at construction; running allocates nothing.</summary>
sealed class Executor
{
    readonly StepEnvironment _environment;
    readonly NodeContext[] _forward;
    readonly NodeContext[] _backward;
    readonly NodeContext[][] _again;

    /// <param name="arena">At least <see cref="TrainingPlan.ArenaFloats"/> long; several executors may share one, one at a time.</param>
    public Executor(TrainingPlan plan, AlignedBuffer arena, Workers workers, IParameterValues values)
    {
        Plan = plan;
        _environment = new StepEnvironment(arena, workers, values);
        var contexts = new Dictionary<PlannedNode, NodeContext>(ReferenceEqualityComparer.Instance);
        foreach (var node in plan.Forward.Concat(plan.Backward).Concat(plan.Recomputed)) contexts.TryAdd(node, new NodeContext(node, _environment));
        _forward = [.. plan.Forward.Select(node => contexts[node])];
        _backward = [.. plan.Backward.Select(node => contexts[node])];
        _again = [.. plan.Backward.Select(node => node.Recomputed.Select(again => contexts[again]).ToArray())];
    }

    public TrainingPlan Plan { get; }

    /// <summary>Where a graph input is put before <see cref="Forward"/>, or a result is found after it.</summary>
    public Span<float> Values(Value value)
    {
        if (Plan.ValueBuffers[value.Id] is { } buffer) return _environment.Arena.Slice(buffer.Offset, value.Shape.Count);
        return value.Constant ?? default(Span<float>);
    }

    /// <summary>Where the loss puts the gradient of the value that it is taken on.</summary>
    public Span<float> GradientOf(Value value)
    {
        var buffer = Plan.GradientBuffers[value.Id]!;
        return _environment.Arena.Slice(buffer.Offset, buffer.Floats);
    }

    public void Forward<TMeter>(ref TMeter meter, bool isTraining, uint seed = 0, int step = 0)
        where TMeter : struct, ITrafficMeter
    {
        (_environment.IsTraining, _environment.Seed, _environment.Step) = (isTraining, seed, step);
        var i = 0;
        try
        {
            for (; i < _forward.Length; i++)
            {
                _forward[i].RunForward();
                meter.Forward(Plan.Forward[i]);
            }
        }
        catch (ArgumentException e)
        {
            throw EdbException.Refused($"node {Plan.Forward[i].Node} ({Plan.Forward[i].Node.Operator.Type}) cannot use what it reads: {e.Message}", e);
        }
    }

    public void Backward<TMeter>(ref TMeter meter, ParameterGradients gradients)
        where TMeter : struct, ITrafficMeter
    {
        _environment.Gradients = gradients;
        meter.Loss(Plan);
        for (var i = 0; i < _backward.Length; i++)
        {
            for (var j = 0; j < _again[i].Length; j++)
            {
                _again[i][j].RunForward();
                meter.Forward(Plan.Backward[i].Recomputed[j]);
            }
            _backward[i].RunBackward();
            meter.Backward(Plan.Backward[i], gradients.IsSampled);
        }
        _environment.Gradients = null;
    }
}
