// What a program of one's own looks like: the main job, then a loop by hand. usage: Sample MODEL.onnx DATA.npz LABELS.txt FOLDER
using EdgeDropBack;
using EdgeDropBack.Training;

var (model, data, labels, folder) = (args[0], args[1], args[2], args[3]);
try
{
    var result = Personalizer.Run(new PersonalizeOptions
    {
        Model = model,
        Data = data,
        Labels = labels,
        Steps = 8,
        Rate = 0.4f,
        Session = new SessionOptions { Batch = 8, Seed = 3, Threads = 1 },
        AcceptIf = AcceptRule.Parse(""),
        Store = Path.Combine(folder, "sample.edb"),
        Report = Path.Combine(folder, "traffic.json"),
        Progress = progress => Console.Error.WriteLine($"step {progress.Step} of {progress.Steps}, loss {progress.Loss:0.000}"),
    });
    Console.WriteLine(result.Store.Sha256);

    using var session = TrainingSession.Open(model, new SessionOptions { Batch = 8, Budget = Budget.Parse("2%"), Threads = 1 });
    var x = new float[session.Batch * session.SampleLength];
    for (var i = 0; i < x.Length; i++) x[i] = i % 17 / 17f;
    int[] classes = [.. Enumerable.Range(0, session.Batch).Select(i => i % session.Outputs)];
    var first = session.Step(x, classes, rate: 0.1f);
    for (var step = 1; step < 20; step++) session.Step(x, classes, rate: 0.1f);
    var after = session.Evaluate(x, classes);
    Console.Error.WriteLine($"loss {first:0.000} -> {after.Loss:0.000}, {session.TrackedCount} weights of a budget of {session.BudgetCount}");
    session.WriteTracked(Path.Combine(folder, "loop.edb"));
    session.Export(Path.Combine(folder, "loop.onnx"));

    using var mine = TrainingSession.Open(Path.Combine(folder, "loop.onnx"), new SessionOptions { Batch = 8, Threads = 1 });
    return after.Loss < first && mine.Evaluate(x, classes).Loss == after.Loss ? 0 : 1;
}
catch (EdbException e)
{
    Console.Error.WriteLine(e.Message);
    return e.ExitCode;
}
