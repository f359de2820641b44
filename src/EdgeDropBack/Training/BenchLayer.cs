namespace EdgeDropBack.Training;

/// <summary>Median times of one node in a step.</summary>
/// <param name="ForwardGigaflops">Rate of its multiply-adds in the fastest forward, not the median one, as the peak is that of the fastest measurement; 0 for all but products and convolutions.</param>
sealed record BenchLayer(string Name, string Operator, double ForwardMilliseconds, double BackwardMilliseconds, double ForwardGigaflops);
