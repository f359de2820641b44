namespace EdgeDropBack.Kernels;

/// <summary>Work that <see cref="Workers"/> splits into parts. Which part does what is fixed by (part, parts) alone.</summary>
public abstract class Job
{
    public abstract void Run(int part, int parts);
}
