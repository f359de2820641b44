namespace EdgeDropBack.Kernels.Tests;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryPartRunsOncePerJob(int count)
    {
        using var workers = new Workers(count);
        var job = new CountingJob(count);
        for (var run = 1; run <= 50; run++)
        {
            workers.Run(job);
            Assert.All(job.Runs, runs => Assert.Equal(run, runs));
        }
        Assert.Equal(count, workers.Count);
    }

    [Fact]
    public void PartZeroRunsOnTheCaller()
    {
        using var workers = new Workers(3);
        var job = new CountingJob(3);
        workers.Run(job);
        Assert.Equal(Environment.CurrentManagedThreadId, job.Threads[0]);
        Assert.Equal(3, job.Threads.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void AnExceptionReachesTheCallerAndTheWorkersLiveOn(int failing)
    {
        using var workers = new Workers(3);
        var job = new CountingJob(3) { Failing = failing };
        var error = Assert.Throws<InvalidOperationException>(() => workers.Run(job));
        Assert.Equal($"part {failing}", error.Message);
        job.Failing = -1;
        workers.Run(job);
        Assert.Equal(2, job.Runs[1]);
    }

    [Fact]
    public void SleepingWorkersWake()
    {
        using var workers = new Workers(3);
        var job = new CountingJob(3);
        for (var run = 1; run <= 5; run++)
        {
            Thread.Sleep(20);
            workers.Run(job);
            Assert.All(job.Runs, runs => Assert.Equal(run, runs));
        }
    }

    [Fact]
    public void RunningAllocatesNothing()
    {
        using var workers = new Workers(3);
        var job = new CountingJob(3);
        Assert.Equal(0, Values.Allocated(() => workers.Run(job)));
    }

    [Fact]
    public void DisposingTwiceIsHarmlessAndScratchIsGivenBack()
    {
        var workers = new Workers(2);
        var a = Values.Normal(100, 1);
        Gemm.Multiply(workers, a, 10, 1, a, 10, 1, new float[100], 10, 10, 10, 10);
        Assert.True(workers.ScratchBytes > 0);
        workers.Dispose();
        workers.Dispose();
        Assert.Equal(0, workers.ScratchBytes);
    }

    sealed class CountingJob(int count) : Job
    {
        public int[] Runs { get; } = new int[count];

        public int[] Threads { get; } = new int[count];

        public int Failing { get; set; } = -1;

        public override void Run(int part, int parts)
        {
            Runs[part]++;
            Threads[part] = Environment.CurrentManagedThreadId;
            if (part == Failing)
                throw new InvalidOperationException($"part {part}");
        }
    }
}
