using System.Globalization;
using EdgeDropBack.Training;

namespace EdgeDropBack.DeviceLink.Tests;

/// <summary>Trains nothing, but tells about it; with "wait" it does so until it is cancelled.</summary>
sealed class FakeWork : IAgentWork
{
    public int Trainings { get; private set; }

    public int Rollbacks { get; private set; }

    public string Personalize(IReadOnlyList<string> arguments, AgentFolder folder, AgentJob job)
    {
        Trainings++;
        job.Tell("learning rate 0.4");
        for (var step = 1; step <= 20; step++) job.Tell(new TrainingProgress("training", step, 20, 1.0 / step, 0.1, step > 10));
        if (arguments.Contains("wait"))
        {
            job.Cancel.WaitHandle.WaitOne();
            job.Cancel.ThrowIfCancellationRequested();
        }
        if (arguments.Contains("refuse")) throw EdbException.Refused("no such model");
        return $"{{\"arguments\":{arguments.Count}}}";
    }

    public string Evaluate(IReadOnlyList<string> arguments, AgentFolder folder, Action<string> log)
    {
        log($"evaluating {arguments.Count}");
        return $"{{\"data\":\"{Path.GetFileName(folder.Existing(arguments[0]))}\"}}";
    }

    public string Rollback(string store, int generation, AgentFolder folder)
        => string.Create(CultureInfo.InvariantCulture, $"{{\"rollbacks\":{++Rollbacks},\"to\":{generation}}}");

    public string Status(AgentFolder folder, AgentJob? job) => $"{{\"files\":{folder.Files().Count}}}";
}
