namespace EdgeDropBack.Kernels;

/// <summary>Which forward values a backward kernel reads; the planner keeps only those alive.</summary>
[Flags]
public enum BackwardReads
{
    None = 0,
    Input = 1,
    Output = 2,
}
