using EdgeDropBack.Training;

namespace EdgeDropBack.DeviceLink;

/// <summary>Where a training on a board stands.</summary>
/// <param name="StepBytes">What a step moves, by the plan.</param>
/// <param name="DenseBytes">What a step of dense SGD would.</param>
/// <param name="MovedBytes">By all steps so far.</param>
readonly record struct DeviceProgress(TrainingProgress Training, long StepBytes, long DenseBytes, long MovedBytes);
