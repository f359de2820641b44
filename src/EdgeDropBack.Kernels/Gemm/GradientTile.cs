namespace EdgeDropBack.Kernels;

/// <summary>The fixed grid on which weight gradients are formed, over a parameter viewed as a row-major matrix.</summary>
public static class GradientTile
{
    public const int Rows = 96;
    public const int Columns = 256;
}
