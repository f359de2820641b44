namespace EdgeDropBack.Kernels;

/// <summary>Work over items that do not depend on each other.</summary>
interface IRange
{
    void Run(int start, int end);
}
