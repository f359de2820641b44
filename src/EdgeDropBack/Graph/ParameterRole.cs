namespace EdgeDropBack.Graphs;

enum ParameterRole
{
    Other,
    Weight,
    Bias,
    BatchNormScale,
    BatchNormShift,
}
