namespace EdgeDropBack.Kernels;

/// <summary>An operand that can be read in contiguous lines.</summary>
unsafe interface ILines
{
    /// <summary>Elements [start, start + count) of a line: a pointer to where they are, or <paramref name="staging"/>, filled.</summary>
    float* Load(int group, int line, int start, int count, float* staging);
}
