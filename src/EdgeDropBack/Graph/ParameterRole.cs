namespace EdgeDropBack.Graphs;

public enum ParameterRole
{
    Other,
    Weight,
    Bias,
    BatchNormScale,
    BatchNormShift,
}
