namespace EdgeDropBack.Prefixes;

/// <summary>The frozen front of a model, loaded by an <see cref="IPrefixRuntime"/>.</summary>
interface IPrefix : IDisposable
{
    /// <summary>One run on one thread, with all that is known of its values.</summary>
    /// <param name="input">Name of the model's input.</param>
    /// <param name="values">The input's numbers.</param>
    /// <param name="shape">The input's whole shape, batch first.</param>
    /// <returns>The values that the prefix was loaded for, in that order.</returns>
    /// <exception cref="EdbException">Exit code 3: the prefix cannot run on this input.</exception>
    IReadOnlyList<PrefixTensor> Run(string input, Memory<float> values, int[] shape);

    /// <summary>The same, handing over numbers where they lie.</summary>
    /// <param name="take">Called once a value, in the order that the prefix was loaded for.</param>
    void Run(string input, Memory<float> values, int[] shape, PrefixOutput take);
}

/// <summary>Takes what a prefix computed.</summary>
/// <param name="output">Position among the values that the prefix was loaded for.</param>
/// <param name="values">Its numbers, valid during the call.</param>
delegate void PrefixOutput(int output, ReadOnlySpan<float> values);
