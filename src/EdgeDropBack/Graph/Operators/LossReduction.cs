namespace EdgeDropBack.Graphs;

enum LossReduction
{
    None,
    Sum,

    /// <summary>The sum divided by the sum of the weights.</summary>
    Mean,
}
