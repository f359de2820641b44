namespace EdgeDropBack.Kernels;

/// <summary>One reusable job of each type per calling thread, so that a kernel call allocates only the first time.</summary>
static class JobCache<T> where T : Job, new()
{
    [ThreadStatic]
    static T? s_job;

    public static T Instance => s_job ??= new T();
}
