using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.DeviceLink;

/// <summary>What an agent does for its hosts beside keeping files. Arguments are those of the command line; results are JSON objects.</summary>
interface IAgentWork
{
    /// <exception cref="EdbException">It failed, or its result was not good enough to keep.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint was saved.</exception>
    string Personalize(IReadOnlyList<string> arguments, AgentFolder folder, AgentJob job);

    /// <param name="log">Lines for the host.</param>
    string Evaluate(IReadOnlyList<string> arguments, AgentFolder folder, Action<string> log);

    string Rollback(string store, int generation, AgentFolder folder);

    /// <summary>Version, folder, limits, and what the job does.</summary>
    string Status(AgentFolder folder, AgentJob? job);
}
