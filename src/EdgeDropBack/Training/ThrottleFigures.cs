namespace EdgeDropBack.Training;

/// <summary>What held a run back.</summary>
/// <param name="HottestCelsius">Highest temperature seen; null where it was not watched.</param>
/// <param name="CoolingPauses">Times the run waited for the board to cool down.</param>
/// <param name="CoolingSeconds">Time of these.</param>
/// <param name="DutySeconds">Time of the pauses that --duty asks for.</param>
/// <param name="DeadlineSteps">Steps that the deadline left room for when training began; null without one, or where all fitted.</param>
/// <param name="IsCutByDeadline">The deadline came before the last of the planned steps.</param>
public sealed record ThrottleFigures(double? HottestCelsius, int CoolingPauses, double CoolingSeconds, double DutySeconds, int? DeadlineSteps,
    bool IsCutByDeadline);
